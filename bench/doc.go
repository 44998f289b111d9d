// Command bench measures the released program. It builds and starts the binary, uses it
// over HTTP as people do, and prints one table. Each figure has a floor or a peer that
// was measured in the same run, because machines and their load differ. Figures have no
// influence on the exit status; it is 1 only if something could not be measured.
//
// With -rows it instead measures a desk with that many meetings, next to one with few
// meetings and a bare server that reads the same file.
//
// It knows the desk from outside only: commands, environment, URLs, form fields, and
// the database file, which it only reads. To fill a database it writes the rows
// directly, which is the fastest way. It runs on Linux, where /proc has the figures of
// other processes.
package main
