// Package wire holds responses that have not been sent yet, and the failures that a test
// has queued for them: a failure can replace, delay, shorten or drop a response. The
// package also contains two helpers that let the emulated Entra and Graph accept paths and
// names in any case.
package wire
