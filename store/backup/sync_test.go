package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/sqlitedb"
	"meetdesk/testenv"
)

// A backup and a restored database are synced before they are renamed, and their folder
// is synced afterwards. The test checks the system calls, because killing a process would
// not lose the data that it has written.
func TestFilesReachTheDisk(t *testing.T) {
	const variable = "MEETDESK_TEST_SYNC"
	if dir := os.Getenv(variable); dir != "" {
		backUpAndRestore(t, dir)
		return
	}
	strace := testenv.Program(t, "strace", "strace")
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	traced := osexec.CommandContext(t.Context(), strace, "-f", "-y", "-e", "trace=pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2", "-o", trace, os.Args[0], "-test.run", "^TestFilesReachTheDisk$")
	traced.Env = append(os.Environ(), variable+"="+dir)
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
	wantOrder(t, calls, `\.unverified>`, `linkat\(.*\.unverified".*/backups/b\.db"`, `fsync\(\d+<[^>]*/backups>`)
	wantOrder(t, calls, `\.partial>`, `rename(at2?)?\(.*\.partial".*/backups/c\.db"`, `fsync\(\d+<[^>]*/backups>`)
	wantOrder(t, calls, `\.restoring>`, `rename(at2?)?\(.*\.restoring".*/meetdesk\.db"`, `fsync\(\d+<[^>]*/new>`)
}

// wantOrder checks that the file is written, synced and renamed, and that its folder is
// then synced.
func wantOrder(t *testing.T, calls []byte, file, named, folder string) {
	t.Helper()
	last := func(pattern string, in []byte) int {
		all := regexp.MustCompile(pattern).FindAllIndex(in, -1)
		if len(all) == 0 {
			return -1
		}
		return all[len(all)-1][0]
	}
	name := last(named, calls)
	if name < 0 {
		t.Fatalf("no call matches %s:\n%s", named, calls)
	}
	order := []int{last(`pwrite64\(\d+<[^>]*`+file, calls[:name]), last(`(fsync|fdatasync)\(\d+<[^>]*`+file, calls[:name]), name, last(folder, calls)}
	if order[0] < 0 || !slices.IsSorted(order) {
		t.Errorf("%s: written, synced, named and its folder synced at %v, want this order:\n%s", file, order, calls)
	}
}

func backUpAndRestore(t *testing.T, dir string) {
	d := newDatabase(t)
	d.create()
	if err := os.Mkdir(filepath.Join(dir, "backups"), 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, File: filepath.Join(dir, "backups", "b.db"), Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "backups", "c.db") // a copy like the one made before an upgrade
	if err := errors.Join(sqlitedb.Copy(t.Context(), r.Path, copied+".partial", nil), sqlitedb.Rename(copied+".partial", copied)); err != nil {
		t.Fatal(err)
	}
	restored, err := restore(t, backup.RestoreOptions{From: r.Path, Data: filepath.Join(dir, "new")})
	if err != nil || filepath.Base(restored.Path) != store.FileName {
		t.Fatal(restored.Path, err)
	}
}
