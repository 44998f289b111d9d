package postgresdb_test

import (
	"database/sql"
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

func connect(t *testing.T, s *postgrestest.Server) *sql.DB {
	t.Helper()
	address, err := postgresdb.Parse(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	db := address.OpenAside()
	t.Cleanup(func() { db.Close() })
	return db
}

// The new primary may reuse the number of a transaction that was lost when the old primary
// crashed. Commit must not report the lost transaction as committed.
func TestAFailoverLosesATransaction(t *testing.T) {
	testenv.SkipIfShort(t)
	primary := postgrestest.NewServer(t)
	standby, err := primary.Standby(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer standby.Stop()
	tx, err := connect(t, primary).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	id, err := postgresdb.LockWriter(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `CREATE TABLE lost (n BIGINT)`); err != nil {
		t.Fatal(err)
	}
	if err := primary.Crash(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := connect(t, standby)
	if _, err := next.ExecContext(t.Context(), `SELECT pg_promote()`); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := next.ExecContext(t.Context(), `SELECT pg_current_xact_id()`); err != nil {
			t.Fatal(err)
		}
	}
	if err := postgresdb.Commit(t.Context(), tx, id, next); err == nil {
		t.Error("the lost transaction counts as committed")
	}
}
