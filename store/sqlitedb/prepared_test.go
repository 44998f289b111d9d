package sqlitedb

import (
	"errors"
	"path/filepath"
	"testing"
)

// A connection reuses its statements. A statement whose rows are still being read is not
// reused.
func TestStatementsAreNotSharedWhileInUse(t *testing.T) {
	ctx := t.Context()
	db, err := openPrepared(dsn(filepath.Join(t.TempDir(), "test.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := db.ExecContext(ctx, `INSERT INTO n (i) VALUES ($1)`, i); err != nil {
			t.Fatal(err)
		}
	}
	const q = `SELECT i FROM n WHERE i >= $1 ORDER BY i`
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := tx.QueryContext(ctx, q, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	for want := 0; outer.Next(); want++ {
		var got, inner int
		if err := outer.Scan(&got); err != nil || got != want {
			t.Fatalf("read %d, %v; want %d", got, err, want)
		}
		if err := tx.QueryRowContext(ctx, q, 99-want).Scan(&inner); err != nil || inner != 99-want {
			t.Fatalf("the inner query read %d, %v; want %d", inner, err, 99-want)
		}
	}
	if err := errors.Join(outer.Err(), tx.Commit()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryConnectionHasItsSettings(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "test.db")
	writer, err := OpenWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0"} {
		var got string
		if err := writer.QueryRowContext(ctx, `PRAGMA `+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("the writer's %s is %q, %v; want %s", pragma, got, err, want)
		}
	}
	if _, err := writer.ExecContext(ctx, `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	reader, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.ExecContext(ctx, `DELETE FROM n`); err == nil {
		t.Error("a reader can write")
	}
}
