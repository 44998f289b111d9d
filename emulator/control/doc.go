// Package control provides an HTTP API that changes what the emulator does: its switches,
// failures, clock, people and meetings. Tests in Go call the emulator's methods instead.
package control
