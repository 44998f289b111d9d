// Package control provides an HTTP API that changes what the emulator does: its switches,
// failures, clock, people and meetings. The API is for programs in any language and for
// people who use curl. Tests in Go call the emulator's methods instead.
package control
