// Package control provides an HTTP API for changing the emulator's switches, failures,
// clock, people and meetings. Tests in Go call the emulator's methods instead.
package control
