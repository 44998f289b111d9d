// Package control provides an HTTP API for changing the emulator's switches, failures,
// clock, people and meetings. Tests that run the emulator in their own process call the
// emulator's methods instead.
package control
