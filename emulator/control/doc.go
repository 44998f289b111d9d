// Package control is the HTTP API with which tests and people change what the
// emulator does: switches, failures, clock, people and meetings. It offers to
// programs in other languages, and to people with curl, what tests in Go call as
// methods.
package control
