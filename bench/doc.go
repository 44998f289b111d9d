// Command bench builds meetdesk, measures it over HTTP and prints one table. Most figures
// are printed next to a floor or a peer measured in the same run, because machines and
// their load differ. The exit status is 1 after an error. A missed goal is not an error.
//
// With -rows it instead compares a desk that has that many meetings with one that has
// few, and with a bare server that reads the same file. It writes the meetings directly
// to the database, because that is the fastest way.
//
// It needs Linux, because it reads the CPU time and memory of other processes from /proc.
package main
