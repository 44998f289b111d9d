package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash returns a copy of an emulator's folder: the files that are left if the
// process dies now. The emulator itself keeps running.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
