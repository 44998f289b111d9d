// Package wire holds responses that have not been sent yet, and the failures that a test
// has queued to replace, delay, cut short or lose them. It also has two helpers with
// which Entra and Graph accept paths and names in any case.
package wire
