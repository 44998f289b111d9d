// Package emutest helps to test the packages below emulator. It has an emulator behind a
// real port, and an application and a browser that use it. Only tests import it.
package emutest
