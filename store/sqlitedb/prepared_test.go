package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// A query can run while the rows of an earlier run are still being read, because each run
// uses its own statement.
func TestStatementsAreNotSharedWhileInUse(t *testing.T) {
	ctx := t.Context()
	db, err := openPrepared(dsn(filepath.Join(t.TempDir(), "test.db")), false)
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
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "2", "query_only": "0", "temp_store": "2", "cache_size": "-4000"} {
		var got string
		if err := writer.QueryRowContext(ctx, `PRAGMA `+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("the writer's %s is %q, %v; want %s", pragma, got, err, want)
		}
	}
	if n := writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("the writer has %d connections, want 1", n)
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
	if reader.Stats().MaxOpenConnections == 0 {
		t.Error("any number of readers can have a connection, and with it memory and open files")
	}
}

// A connection closes its least recently used statements, which limits its memory use.
func TestStatementsAreEvicted(t *testing.T) {
	ctx := t.Context()
	db, err := openPrepared(dsn(filepath.Join(t.TempDir(), "test.db")), false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const often = `SELECT -1`
	for i := range 4 * maxIdle {
		for _, q := range []string{often, fmt.Sprintf(`SELECT %d`, i)} {
			var got int
			if err := db.QueryRowContext(ctx, q).Scan(&got); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Raw(func(c any) error {
		kept := c.(*preparedConn).Statements()
		if len(kept) != maxIdle || !slices.Contains(kept, often) || slices.Contains(kept, `SELECT 1`) {
			t.Errorf("the connection keeps %d statements, want the last %d and the one that is used often", len(kept), maxIdle)
		}
		return nil
	})
}

// endless is a query that never ends and never finds a row.
const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0`

// A query ends with its context, and the connection remains usable.
func TestQueryEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := Create(path); err != nil {
		t.Fatal(err)
	}
	db, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		waiting, stop := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			var i int
			if err := db.QueryRowContext(ctx, endless).Scan(&i); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the endless query ended with %v, want %v", err, context.DeadlineExceeded)
			}
		})
		wait.Go(func() { // this query's context ends before it begins
			var i int
			stop()
			if err := db.QueryRowContext(waiting, `SELECT 1`).Scan(&i); !errors.Is(err, context.Canceled) {
				t.Errorf("the waiting query ended with %v, want %v", err, context.Canceled)
			}
		})
		wait.Wait()
		cancel()
		var one int
		if err := db.QueryRowContext(t.Context(), `SELECT 1`).Scan(&one); err != nil || one != 1 {
			t.Fatalf("the next query returned %d, %v", one, err)
		}
	}
}

// A query ends with its context even while SQLite is looking for a row after the first.
func TestQueryEndsBetweenRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := Create(path); err != nil {
		t.Fatal(err)
	}
	db, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for range 3 {
		cancelBetweenRows(t, db)
		var one int
		if err := db.QueryRowContext(t.Context(), `SELECT 1`).Scan(&one); err != nil || one != 1 {
			t.Fatalf("the next query returned %d, %v", one, err)
		}
	}
}

func cancelBetweenRows(t *testing.T, db *sql.DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := db.QueryContext(ctx, `SELECT 0 UNION ALL SELECT i FROM (`+endless+`)`)
	if err != nil || !rows.Next() {
		t.Fatalf("no first row: %v", err)
	}
	defer rows.Close()
	time.AfterFunc(20*time.Millisecond, cancel)
	if rows.Next() || !errors.Is(rows.Err(), context.Canceled) {
		t.Errorf("the query ended with %v, want %v", rows.Err(), context.Canceled)
	}
}
