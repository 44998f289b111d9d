package postgresdb_test

import (
	"context"
	"strings"
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

// Commit determines the outcome of an interrupted transaction even if the caller's context
// has ended.
func TestTheOutcomeIsKnownWithoutTheRequest(t *testing.T) {
	t.Parallel()
	address := parse(t, postgrestest.New(t))
	db, others := address.OpenWriter(), address.OpenAside()
	defer db.Close()
	defer others.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	id, err := postgresdb.LockWriter(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	var (
		pid   int
		ended bool
	)
	if err := tx.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	if err := others.QueryRowContext(t.Context(), `SELECT pg_terminate_backend($1, 10000)`, pid).Scan(&ended); err != nil || !ended {
		t.Fatalf("%v, %v", ended, err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := postgresdb.Commit(gone, tx, id, others); err == nil || strings.Contains(err.Error(), "known") {
		t.Errorf("Commit returned %v, want that the transaction was not committed", err)
	}
}
