// Package control provides an HTTP API for reading and changing the emulator's state, such
// as its switches, failures, clock, people and meetings. Tests that run the emulator in
// their own process call the emulator's methods instead.
package control
