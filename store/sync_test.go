package store_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// Every commit is on disk before the desk continues. Killing the process would not prove
// this, because the kernel would still write its cached pages to the disk. The test
// therefore counts the calls to fsync and fdatasync.
func TestCommitsReachTheDisk(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL's server writes its log to the disk")
	const creates, perCreate = 20, 2 // each creation of a meeting commits in Begin and in Finish
	if dir := os.Getenv("MEETDESK_TEST_SYNC"); dir != "" {
		createMany(t, dir, creates)
		return
	}
	strace := testenv.Program(t, "strace", "strace")
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	traced := exec.CommandContext(t.Context(), strace, "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace, os.Args[0], "-test.run", "^TestCommitsReachTheDisk$")
	traced.Env = append(os.Environ(), "MEETDESK_TEST_SYNC="+dir)
	if out, err := traced.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("PTRACE")) {
			testenv.ProgramMissing(t, fmt.Errorf("strace may not trace here: %s", out), "strace")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(calls), store.FileName+"-wal>"); n < creates*perCreate {
		t.Errorf("the log was written to the disk %d times for %d creates, want at least %d", n, creates, creates*perCreate)
	}
}

func createMany(t *testing.T, dir string, n int) {
	s := open(t, dir)
	defer s.Close()
	person := signIn(t, s, "one").User
	for i := range n {
		finished(t, s, person, fmt.Sprint("INC", i), meeting.Details{GraphID: fmt.Sprint("G", i), Subject: "s"})
	}
}
