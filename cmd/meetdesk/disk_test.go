package main

import (
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"meetdesk/store"
)

// smallDisk mounts an in-memory file system of a few megabytes and returns its path. If
// the mount fails, the test is skipped, or fails if it runs as root with
// PROGRAMS=required.
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

// blockWrites makes the desk's writes to the folder fail until the returned function is
// called.
type blockWrites func(t *testing.T, dir string) (end func())

// fixedDisk returns a directory that freeze can make immutable. The directory is not on a
// tmpfs, where open files would stay writable. If the file system does not support this, the
// test is skipped, or fails if it runs as root with PROGRAMS=required.
func fixedDisk(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "meetdesk-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file, err := os.Create(filepath.Join(dir, "probe"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	frozen := exec.Command("chattr", "+i", file.Name()).Run()
	_, written := file.WriteString("x")
	thawed := exec.Command("chattr", "-i", file.Name()).Run()
	if err := errors.Join(frozen, thawed, os.Remove(file.Name())); err != nil || written == nil {
		if os.Getenv("PROGRAMS") == "required" && os.Geteuid() == 0 {
			t.Fatalf("make an open file read-only: %v, and the write: %v", err, written)
		}
		t.Skipf("left out: what read-only files do to each kind of write. It needs root and a disk: %v, and the write: %v", err, written)
	}
	return dir
}

// freeze makes dir, the database and the write-ahead log immutable, even for a process that
// has them open. The log's index stays writable, because processes have mapped it into
// memory. A file system that becomes read-only behaves the same way.
func freeze(t *testing.T, dir string) (thaw func()) {
	t.Helper()
	names := []string{dir, filepath.Join(dir, store.FileName), filepath.Join(dir, store.FileName+"-wal")}
	set := func(flag string) {
		if out, err := exec.Command("chattr", append([]string{flag}, names...)...).CombinedOutput(); err != nil {
			t.Errorf("chattr %s: %v\n%s", flag, err, out)
		}
	}
	set("+i")
	thaw = sync.OnceFunc(func() { set("-i") })
	t.Cleanup(thaw)
	return thaw
}

// fillDisk truncates the write-ahead log and fills the disk, so that not even one page can
// be written to the log. The returned function frees the space again.
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
	// The desk may write in the background and extend the log, and later writes could reuse
	// that space. Truncate the log until it stays empty.
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

// The error for a read-only backup folder names a systemd setting, because systemd makes
// most folders read-only for the service.
func TestReadOnlyBackupFolder(t *testing.T) {
	folder := smallDisk(t)
	if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := readConfig(environment("BACKUP_DIR=" + folder))
	if want := "needs ReadWritePaths=" + folder + " in systemd's unit"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %s", err, want)
	}
}
