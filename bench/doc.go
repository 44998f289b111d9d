// Command bench measures the program that people run: it builds the release
// binary, starts it, uses it over HTTP as they do and prints one table. Every
// figure stands beside a floor or a peer measured in the same run, since
// machines differ and neighbours are noisy. Figures are reported and never
// gate: the exit status is 1 only when something could not be measured.
//
// With -rows it measures another thing: a desk with so many meetings, beside one
// with few and beside a bare server that reads the same file.
//
// It knows the desk from outside only: commands, environment, addresses, form
// fields and, read-only, the database file. Only to fill a database it uses the
// store, which is the quickest to write what the desk would have. It runs on
// Linux, whose /proc has the figures of other processes.
package main
