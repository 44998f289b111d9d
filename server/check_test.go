package server

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/store"
)

// newApp returns an application in a new data directory. Its provider does not answer.
func newApp(t *testing.T) (a *App, dir string) {
	t.Helper()
	dir = t.TempDir()
	a, err := New(t.Context(), Settings{
		URL: &url.URL{Scheme: "http", Host: "localhost"}, Data: dir, Keys: [][]byte{make([]byte, 32)}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Auth: auth.Config{Issuer: "http://127.0.0.1:1", TenantID: "t", ClientID: "c"}, GraphURL: "http://127.0.0.1:1",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a, dir
}

// posixLocks returns the number of POSIX locks that this process holds on the file.
func posixLocks(t *testing.T, path string) (n int) {
	t.Helper()
	list, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Skipf("only Linux lists locks: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	inode := fmt.Sprintf(":%d", info.Sys().(*syscall.Stat_t).Ino)
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) > 5 && f[1] == "POSIX" && f[4] == fmt.Sprint(os.Getpid()) && strings.HasSuffix(f[5], inode) {
			n++
		}
	}
	return n
}

func TestSelfCheckKeepsTheLocks(t *testing.T) {
	a, dir := newApp(t)
	path := filepath.Join(dir, store.FileName)
	for _, file := range []string{path, path + "-shm"} {
		if posixLocks(t, file) == 0 {
			t.Fatalf("the running desk has no lock on %s", file)
		}
	}
	a.Check.Run(t.Context())
	for _, file := range []string{path, path + "-shm"} {
		if posixLocks(t, file) == 0 {
			t.Errorf("after the self-check, the desk has no lock on %s", file)
		}
	}
}
