package postgresdb

import (
	"context"
	"database/sql"
	"fmt"
)

// CheckNoDesk returns an error if a desk is using the database, or crashed so recently that
// its lease has not expired.
func (a Address) CheckNoDesk(ctx context.Context, db *sql.DB) error {
	const q = `SELECT EXISTS (SELECT 1 FROM desks WHERE lease_until >= extract(epoch FROM clock_timestamp()) * 1000)`
	var running bool
	if err := db.QueryRowContext(ctx, q).Scan(&running); err != nil {
		return err
	}
	if running {
		return fmt.Errorf("a desk runs on the database %s, or was killed less than half a minute ago: stop all desks first", a)
	}
	return nil
}
