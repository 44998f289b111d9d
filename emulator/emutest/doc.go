// Package emutest starts an emulator for tests, with an application and a browser that
// use it.
package emutest
