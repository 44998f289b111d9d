// Package emutest provides tests with an emulator on a real port, and with an application
// and a browser that use it.
package emutest
