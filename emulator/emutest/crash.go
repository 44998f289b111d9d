package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash copies the emulator's folder as a crash at this moment would leave it, and returns
// the path of the copy.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
