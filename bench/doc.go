// Command bench measures the released program over HTTP and prints one table. Each figure
// is printed next to a floor or a peer measured in the same run, because machines and
// their load differ. The exit status is 1 only if something could not be measured.
//
// With -rows it instead compares a desk that has that many meetings with one that has
// few, and with a bare server that reads the same file. It writes the meetings directly
// to the database, because that is the fastest way.
//
// It needs Linux, because it reads the CPU time and memory of other processes from /proc.
package main
