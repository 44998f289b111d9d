package store

import (
	"database/sql"
	"path/filepath"
	"testing"

	"meetdesk/store/enginetest"
)

// A transaction takes the write lock when it begins. Otherwise it could fail with
// "database is locked" after reading.
func TestTransactionsLockFromTheBeginning(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL has no lock on the whole database")
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	err = s.transact(t.Context(), func(*sql.Tx) error {
		if _, err := other.ExecContext(t.Context(), `DELETE FROM waits`); err == nil {
			t.Error("somebody else wrote during a transaction")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), `DELETE FROM waits`); err != nil {
		t.Errorf("after the transaction: %v", err)
	}
}
