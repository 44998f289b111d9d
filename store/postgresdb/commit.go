package postgresdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// outcomeLimit is how long Commit tries to find out whether a transaction was committed.
const outcomeLimit = 8 * time.Second

// Commit commits the transaction with the ID from LockWriter. If the connection breaks,
// it uses a connection from others to find out the outcome. An error means that the
// transaction was not committed, or that the outcome is unknown after a few seconds.
func Commit(ctx context.Context, tx *sql.Tx, id string, others *sql.DB) error {
	err := tx.Commit()
	if state := code(err); err == nil || state != "" && !strings.HasPrefix(state, classOperator) {
		return err // the server has answered, so the outcome is known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeLimit)
	defer cancel()
	for {
		var status sql.NullString
		asked := others.QueryRowContext(ctx, `SELECT pg_xact_status($1::text::xid8)`, id).Scan(&status)
		switch {
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
