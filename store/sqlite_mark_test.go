package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// After a normal stop, the store reads the pages of the database only if the file has
// changed.
func TestUnchangedDatabaseIsNotReadAgain(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	sqlitetest.WriteEmpty(t, path)
	open := func() error {
		s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
		if err != nil {
			return err
		}
		return s.Close()
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	damage(t, path)
	var damaged *sqlitedb.DamagedError
	if err := open(); !errors.As(err, &damaged) {
		t.Fatalf("error %v for a damaged file, want a *DamagedError", err)
	}
	if err := open(); !errors.As(err, &damaged) {
		t.Fatalf("error %v at the second start with a damaged file, want a *DamagedError", err)
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(lock.mark(path), lock.Close()); err != nil {
		t.Fatal(err)
	}
	if err := open(); err != nil { // only the check would read the damaged pages
		t.Errorf("error %v for a file that is unchanged since it was marked", err)
	}
}

// damage overwrites the last page of the file, without changing its size.
func damage(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil {
		_, err = file.WriteAt(make([]byte, 4096), info.Size()-4096)
	}
	if err != nil {
		t.Fatal(err)
	}
}
