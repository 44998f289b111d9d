package sqlitetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"meetdesk/store/sqlitedb"
)

// migrated returns the contents of an empty database with the newest schema. It runs the
// migrations only once, because they take longer than most tests.
var migrated = sync.OnceValues(func() (database []byte, err error) {
	dir, err := os.MkdirTemp("", "meetdesk-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	if err := sqlitedb.Migrate(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// WriteEmpty creates a database with the newest schema and no data. It does nothing if the
// file exists.
func WriteEmpty(t testing.TB, path string) {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return
	}
	database, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, database, 0o600); err != nil {
		t.Fatal(err)
	}
}
