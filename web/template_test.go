package web_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"meetdesk/store"
)

// migrated is an empty database, up to date. The migrations take ten times as long as
// most tests, so they run once.
var migrated = sync.OnceValues(func() (database []byte, err error) {
	dir, err := os.MkdirTemp("", "meetdesk-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

// emptyDatabase puts an empty database, up to date, into the folder.
func emptyDatabase(t *testing.T, dir string) {
	t.Helper()
	database, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.FileName), database, 0o600); err != nil {
		t.Fatal(err)
	}
}
