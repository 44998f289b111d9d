package store

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// After a normal stop, the store checks the database for damage only if the file has
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

// damage overwrites the last page of the file with zeros.
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

// A database that was copied without its write-ahead log opens with a warning that states
// when its newest record was written. There is no warning after a normal stop or a kill.
func TestCopiedDatabaseIsReported(t *testing.T) {
	at := time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)
	open := func(dir string) (s *Store, warning string) {
		t.Helper()
		var log bytes.Buffer
		s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}, Now: func() time.Time { return at }, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s, log.String()
	}
	record := func(s *Store, oid string) {
		t.Helper()
		user := meeting.User{TenantID: "t", ObjectID: oid, UPN: oid + "@contoso.example", Role: meeting.Staff}
		if _, err := s.SignIn(t.Context(), user, Tokens{AccessToken: "a"}, []byte(oid), "", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	original, killed, copied := t.TempDir(), t.TempDir(), t.TempDir()
	s, first := open(original)
	record(s, "one")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, stopped := open(original)
	at = at.Add(time.Hour)
	record(s, "two")
	for name, to := range map[string][]string{FileName: {killed, copied}, FileName + "-wal": {killed}} {
		content, err := os.ReadFile(filepath.Join(original, name))
		for _, dir := range to {
			err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), content, 0o600))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	_, afterKill := open(killed)
	s, warning := open(copied)
	if !strings.Contains(warning, "newer records are missing") || !strings.Contains(warning, "newest=2026-11-29T10:00:00.000Z") {
		t.Errorf("a copied database logs %q", warning)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, again := open(copied)
	for start, got := range map[string]string{"first": first, "after a stop": stopped, "after a kill": afterKill, "second of a copy": again} {
		if got != "" {
			t.Errorf("the start %s logs %s", start, got)
		}
	}
}
