// Package testenv decides which tests run, and how. Only tests import this package.
package testenv

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// parallel is the number of parallel tests that run at the same time. Most of them wait
// for a server or a timer, so that it may exceed the number of processors.
const parallel = "8"

// Main is the TestMain of packages whose tests take long. The garbage collector runs less
// often, which saves a tenth of the processor time. Temporary files are in memory, where
// there is room, because half of the time of many tests is spent on waiting for the disk.
// The variables GOGC and TMPDIR and the flag -parallel have precedence.
func Main(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if dir := memory(); os.Getenv("TMPDIR") == "" && dir != "" {
		os.Setenv("TMPDIR", dir)
	}
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", parallel); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
