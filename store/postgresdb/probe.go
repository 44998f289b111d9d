package postgresdb

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/migrations"
)

// Probe returns an error if it cannot write to the database. It runs an update that changes
// no values.
func Probe(ctx context.Context, writer *sql.DB) error {
	_, err := writer.ExecContext(ctx, `UPDATE next_ids SET meeting = meeting`)
	return err
}

// CheckSchema returns an error if the database lacks a migration of this program. It accepts
// a newer schema, with which this program can keep running: see migrations.Compatible.
func CheckSchema(ctx context.Context, db *sql.DB) error {
	var schema int
	if err := db.QueryRowContext(ctx, latestVersion).Scan(&schema); err != nil {
		return err
	}
	if latest := migrations.Latest(); schema < latest {
		return fmt.Errorf("the database has schema %d, and this program needs %d", schema, latest)
	}
	return nil
}

// writerLock is the key of the advisory lock that LockWriter takes. The value is arbitrary,
// but must differ from the key of goose's lock.
const writerLock = 7_305_446_801

// LockWriter takes a lock and holds it until the transaction ends. Transactions whose
// writes depend on what they read need the lock, so that their later statements see
// everything that earlier holders committed. LockWriter returns the transaction's ID for
// Commit.
func LockWriter(ctx context.Context, tx *sql.Tx) (id TxID, err error) {
	var locked any // pg_advisory_xact_lock returns void
	err = tx.QueryRowContext(ctx, `SELECT pg_advisory_xact_lock($1), pg_current_xact_id()::text, `+timeline, int64(writerLock)).Scan(&locked, &id.number, &id.timeline)
	return id, err
}
