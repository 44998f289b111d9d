package emutest

import (
	"os"
	"path/filepath"
	"testing"
)

// Crash simulates a crash by copying the emulator's folder in its current state. It
// returns the path of the copy.
func Crash(t *testing.T, folder string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return left
}
