package postgresdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// outcomeLimit is how long Commit tries to determine whether a transaction was committed.
const outcomeLimit = 8 * time.Second

// TxID identifies a transaction. A number is valid only on its own timeline: after a
// failover, the new primary reuses the numbers of transactions that were not replicated to
// it.
type TxID struct{ number, timeline string }

// timeline is an SQL expression for the server's timeline, which changes at each failover.
// The expression fails on a standby.
const timeline = `substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)`

// Commit commits the transaction. id must be the value that LockWriter returned for it. If
// the connection breaks, Commit determines the outcome over a connection from another pool.
// An error means that the transaction was not committed or that the outcome is unknown.
func Commit(ctx context.Context, tx *sql.Tx, id TxID, others *sql.DB) error {
	err := tx.Commit()
	if state := code(err); err == nil || state != "" && !strings.HasPrefix(state, classOperator) {
		return err // the server has answered, so the outcome is known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeLimit)
	defer cancel()
	for {
		var (
			status sql.NullString
			on     string
		)
		asked := others.QueryRowContext(ctx, `SELECT pg_xact_status($1::text::xid8), `+timeline, id.number).Scan(&status, &on)
		switch {
		case asked == nil && on != id.timeline:
			return fmt.Errorf("another server became the primary, and does not know whether the transaction was committed: %w", err)
		case asked == nil && status.String == "committed":
			return nil
		case asked == nil && status.String == "aborted":
			return err
		case asked == nil && status.String != "in progress":
			return fmt.Errorf("nobody knows any more whether the transaction was committed: %w", err)
		}
		select {
		case <-time.After(firstPause / 5):
		case <-ctx.Done():
			return fmt.Errorf("it is not known whether the transaction was committed: %w", err)
		}
	}
}
