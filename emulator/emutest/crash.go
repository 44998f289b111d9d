package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash returns a copy of an emulator's folder, with the files that would be left if the
// process died now. The emulator itself keeps running.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
