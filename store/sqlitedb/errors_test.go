package sqlitedb

import (
	"os"
	"path/filepath"
	"testing"
)

func TestErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	writer, err := OpenWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	reader, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := writer.ExecContext(t.Context(), `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	_, readOnly := reader.ExecContext(t.Context(), `DELETE FROM n`)
	_, syntax := writer.ExecContext(t.Context(), `DELETE FROM nothing`)
	noFile := filepath.Join(t.TempDir(), "no.db")
	if err := os.WriteFile(noFile, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := OpenWriter(noFile)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	_, damaged := other.ExecContext(t.Context(), `CREATE TABLE n (i INTEGER PRIMARY KEY)`)
	for name, tt := range map[string]struct {
		err                  error
		unwritable, isDamage bool
	}{
		"read-only": {readOnly, true, false}, "syntax": {syntax, false, false}, "damaged": {damaged, false, true}, "none": {nil, false, false},
	} {
		if got := IsUnwritable(tt.err); got != tt.unwritable {
			t.Errorf("%s: %v is unwritable: %v, want %v", name, tt.err, got, tt.unwritable)
		}
		if got := IsDamaged(tt.err); got != tt.isDamage {
			t.Errorf("%s: %v is damage: %v, want %v", name, tt.err, got, tt.isDamage)
		}
	}
}

// All writes use one connection. If several connections waited for SQLite's lock, they would
// not get it in the order in which they requested it.
func TestWriterHasOneConnection(t *testing.T) {
	db, err := OpenWriter(filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := db.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("up to %d connections write", n)
	}
}
