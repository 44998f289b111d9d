// Command bench measures the released program. It builds and starts the binary, uses it
// over HTTP as people do, and prints one table. Each figure is printed next to a floor or
// a peer that was measured in the same run, because machines and their load differ. The
// figures do not affect the exit status, which is 1 only if something could not be
// measured.
//
// With -rows it instead compares a desk that has that many meetings with one that has
// few, and with a bare server that reads the same file.
//
// While it measures, it uses only what is visible from outside the desk: commands,
// environment, URLs and form fields. It also reads the database file. Before a run with
// -rows, it writes the rows to the database directly, which is the fastest way. It needs
// Linux, because it reads the figures of other processes from /proc.
package main
