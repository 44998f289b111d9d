//go:build !linux

package testenv

import "testing"

// SmallDisk skips the test, because only Linux can mount an in-memory disk.
func SmallDisk(t *testing.T, _ string) (dir string) {
	t.Helper()
	t.Skip("only Linux can mount a small disk")
	return ""
}

// FillDisk does nothing.
func FillDisk(*testing.T, string) (free func()) { return func() {} }
