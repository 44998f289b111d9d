package postgresdb

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/migrations"
)

// Probe writes to the disk without changing any content. It returns the error that any
// other write would get.
func Probe(ctx context.Context, writer *sql.DB) error {
	_, err := writer.ExecContext(ctx, `UPDATE next_ids SET meeting = meeting`)
	return err
}

// CheckSchema returns an error unless the database has this program's schema. A newer
// program may have upgraded the database after this one started.
func CheckSchema(ctx context.Context, db *sql.DB) error {
	var schema int
	if err := db.QueryRowContext(ctx, latestVersion).Scan(&schema); err != nil {
		return err
	}
	if latest := migrations.Latest(); schema != latest {
		return fmt.Errorf("the database has schema %d, and this program needs %d", schema, latest)
	}
	return nil
}

// writerLock is the key of the advisory lock that LockWriter takes. It only has to differ
// from the key of goose's lock.
const writerLock = 7_305_446_801

// LockWriter takes a lock and holds it until the transaction ends. Transactions need it if
// they decide what to write based on what they read. Their later statements see everything
// that earlier holders committed. LockWriter returns the transaction's ID for Commit.
func LockWriter(ctx context.Context, tx *sql.Tx) (id TxID, err error) {
	var locked any // the lock function returns nothing
	err = tx.QueryRowContext(ctx, `SELECT pg_advisory_xact_lock($1), pg_current_xact_id()::text, `+timeline, int64(writerLock)).Scan(&locked, &id.number, &id.timeline)
	return id, err
}
