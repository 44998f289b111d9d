package web_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// program returns the path of a program that reads files from the desk. If it is
// missing, the test is skipped, or fails if PROGRAMS=required. With -short, the test is
// always skipped.
func program(t *testing.T, name, debian string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs " + name)
	}
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("PROGRAMS") == "required" {
		t.Fatalf("%v: install it (Debian: apt-get install %s)", err, debian)
	}
	t.Skipf("left out: %v: install it (Debian: apt-get install %s)", err, debian)
	return ""
}

// output runs a program and returns its output. It fails the test if the program fails.
func output(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", command.Args, err, out, &stderr)
	}
	return string(out)
}

// writeFile writes a file for a program to read and returns its path.
func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
