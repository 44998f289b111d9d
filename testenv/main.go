// Package testenv decides which tests run and prepares their environment. Only tests and
// test helpers import it.
package testenv

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// parallel is the maximum number of tests that run at the same time. It may exceed the
// number of processors, because most tests wait for a server or a timer.
const parallel = "8"

// Main is the TestMain for packages with slow tests. It makes the garbage collector run
// less often, keeps temporary files in memory if possible, and sets the number of parallel
// tests. GOGC, TMPDIR and -parallel override these settings.
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
