// Package control is the HTTP API with which tests and people change what the emulator
// does: switches, failures, clock, people and meetings. Tests in Go call methods instead;
// this API is for programs in other languages, and for people with curl.
package control
