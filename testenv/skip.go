package testenv

import (
	"os"
	"os/exec"
	"testing"
)

// SkipUnlessLong skips the test unless LONG is set. "make test" sets it.
func SkipUnlessLong(t testing.TB) {
	t.Helper()
	if os.Getenv("LONG") == "" {
		t.Skip(`takes long: "make test" runs it, and so does LONG=1`)
	}
}

// Program returns the path of an external program from the given Debian package. It skips
// the test if PROGRAMS is not set or if the program is missing. With PROGRAMS=required, a
// missing program fails the test instead.
func Program(t testing.TB, name, debian string) string {
	t.Helper()
	switch path, err := exec.LookPath(name); {
	case os.Getenv("PROGRAMS") == "":
		t.Skipf(`needs %s: "make test" runs it, and so does PROGRAMS=installed`, name)
	case err != nil:
		ProgramMissing(t, err, debian)
	default:
		return path
	}
	return ""
}

// ProgramMissing skips the test because a program is missing or does not work. If
// PROGRAMS=required, it fails the test instead.
func ProgramMissing(t testing.TB, err error, debian string) {
	t.Helper()
	if os.Getenv("PROGRAMS") == "required" {
		t.Fatalf("%v: install it (Debian: apt-get install %s)", err, debian)
	}
	t.Skipf("%v: install it (Debian: apt-get install %s)", err, debian)
}
