package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitedb"
)

// While another process has the database locked, transactions wait for the lock together,
// not one after another.
func TestTransactionsWaitForALockTogether(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL has no lock on the whole database")
	path := filepath.Join(t.TempDir(), FileName)
	var pools [2]*sql.DB
	for i := range pools {
		db, err := sqlitedb.OpenWriter(path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		pools[i] = db
	}
	w := &sqliteWriter{db: pools[0]}
	if _, err := w.db.ExecContext(t.Context(), `PRAGMA busy_timeout = 500`); err != nil {
		t.Fatal(err)
	}
	other, err := pools[1].BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(*sql.Tx) error { return nil }
	var (
		all      sync.WaitGroup
		returned [6]error
	)
	for i := range returned {
		all.Go(func() { returned[i] = w.transact(context.Background(), nothing) })
		for w.db.Stats().InUse == 0 { // the first transaction waits for the lock before the others arrive
			time.Sleep(time.Millisecond)
		}
	}
	all.Wait()
	different := make(map[error]bool)
	for i, err := range returned {
		if different[err] = true; !sqlitedb.IsLocked(err) {
			t.Errorf("transaction %d returned %v", i, err)
		}
	}
	if len(different) != 2 { // the first transaction has its own error; the others share one
		t.Errorf("they waited for the lock %d times, want 2", len(different))
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := w.transact(t.Context(), nothing); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A transaction that waits for the lock stops waiting when its context ends, and returns
// the context's error.
func TestATransactionWaitsForALockUntilItsContextEnds(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL has no lock on the whole database")
	s := openNew(t)
	other, err := sqlitedb.OpenWriter(s.engine.(*sqliteEngine).path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(*sql.Tx) error { return nil }
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.transact(short, nothing); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("during another transaction: %v, want the error of the context", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.transact(t.Context(), nothing); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
