// Package emutest is for the tests of the packages below emulator: an emulator
// behind a real port, and an application and a browser that use it. Only tests
// import it.
package emutest
