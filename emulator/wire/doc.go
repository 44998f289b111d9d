// Package wire holds responses that have not been sent yet, and queued failures, which
// can replace, delay, shorten or drop a response. It also has helpers that match paths
// and names without regard to case.
package wire
