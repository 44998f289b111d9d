package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash copies an emulator's folder as a crash would leave it now, and returns the path of
// the copy. The emulator itself keeps running.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
