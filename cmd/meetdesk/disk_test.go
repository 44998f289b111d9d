package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"meetdesk/store"
)

// smallDisk mounts an in-memory file system of a few megabytes and returns its folder. If
// that fails, the test is skipped. With PROGRAMS=required, a test that runs as root fails
// instead.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m,mode=0700"); err != nil {
		if os.Getenv("PROGRAMS") == "required" && os.Geteuid() == 0 {
			t.Fatalf("mount a small disk: %v", err)
		}
		t.Skipf("left out: what a full disk does to each kind of write. It needs root: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fillDisk empties the write-ahead log and fills the disk, so that not even one page can
// be written to the log. The function free makes room again.
func fillDisk(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, store.FileName)
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := filepath.Join(dir, "filler")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// What the desk writes in the background leaves room in the log for later writes, so the
	// log is emptied until it stays empty.
	for emptied := false; !emptied; {
		var busy, frames, moved int
		if err := db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved); err != nil || busy != 0 {
			t.Fatalf("empty the write-ahead log: busy %d, %v", busy, err)
		}
		for _, size := range []int{64 << 10, 4 << 10, 1} {
			for err = nil; err == nil; {
				_, err = file.Write(make([]byte, size))
			}
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
		}
		log, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		emptied = log.Size() == 0
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
