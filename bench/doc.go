// Command bench builds meetdesk, measures it over HTTP and prints one table. Most figures
// are printed next to a floor or a peer measured in the same run, because machines and
// their load differ. The exit status is 1 after an error. A missed goal is not an error.
//
// With -rows, it instead compares a desk that has the given number of meetings with a desk
// that has few, and with a bare server that reads the same database. To save time, it
// writes the meetings directly to the database.
//
// The command needs Linux, because it reads the CPU time and memory of other processes
// from /proc.
package main
