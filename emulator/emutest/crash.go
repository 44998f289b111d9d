package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash returns the path of a copy of the folder, as a crash of the emulator would leave
// it now.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
