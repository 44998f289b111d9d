package main

import (
	"path/filepath"
	"testing"
)

// TestUnexpectedExitIsReported checks that killing a process that has already exited does
// not hide the exit.
func TestUnexpectedExitIsReported(t *testing.T) {
	run := func(script string) *process {
		t.Helper()
		p, err := start("desk", "/bin/sh", filepath.Join(t.TempDir(), "log"), "ready", nil, "-c", script)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	exited := run("exit 3")
	<-exited.ended
	if exited.kill() || exited.crashed() == nil {
		t.Error("a process that exited before it was killed is not reported")
	}
	running := run("echo ready; exec sleep 60")
	if err := running.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !running.kill() || running.kill() || running.crashed() != nil {
		t.Error("a process that was killed is reported")
	}
}
