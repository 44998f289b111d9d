// Package emutest helps to test the packages below emulator. It provides an emulator
// behind a real port, and an application and a browser that use the emulator. Only tests
// import it.
package emutest
