package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"meetdesk/store"
	"meetdesk/store/postgresdb"
)

// Completed is the outcome of Complete.
type Completed struct {
	Report
	NextMeeting int64 `json:"nextMeeting"` // the number of the next meeting
}

// String describes the contents of the database and states the number of the next meeting.
func (r Completed) String() string {
	return r.contents() + fmt.Sprintf("  next meeting  number %d\n", r.NextMeeting)
}

// serverLimit is how long Complete waits for the server.
const serverLimit = 10 * time.Second

// Complete does for a PostgreSQL database what Restore does for a file, after PostgreSQL's
// own tools have restored the database to an earlier time. Complete deletes sessions and
// tokens, because sessions that have ended since that time would otherwise be open again,
// and tokens would be out of date. It skips numbers that may have been assigned after that
// time. No desk may be using the database.
func Complete(ctx context.Context, address postgresdb.Address, program string, now time.Time) (r Completed, err error) {
	log := slog.New(slog.DiscardHandler)
	if err := address.Wait(ctx, serverLimit, log); err != nil {
		return r, err
	}
	db := address.OpenAside()
	defer func() { err = errors.Join(err, db.Close()) }()
	schema, _, err := address.Schema(ctx)
	switch {
	case err != nil:
		return r, err
	case schema == 0:
		return r, fmt.Errorf("the database %s has no tables of meetdesk", address)
	}
	if err := address.CheckComplete(ctx, db); err != nil {
		return r, err
	}
	if err := address.Migrate(ctx, program, log); err != nil {
		return r, err
	}
	if err := address.CheckNoDesk(ctx, db); err != nil {
		return r, err
	}
	if r.NextMeeting, err = skipLost(ctx, db, now); err != nil {
		return r, fmt.Errorf("the database %s: %w", address, err)
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	r.Path = address.String()
	if err := r.count(ctx, c); err != nil {
		return r, err
	}
	return r, c.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&r.Bytes)
}

// skipLost deletes the sessions and tokens, raises the next numbers, and returns the
// number of the next meeting.
func skipLost(ctx context.Context, db *sql.DB, now time.Time) (next int64, err error) {
	if next, err = meetingNumbers.firstFree(ctx, db, now); err != nil {
		return 0, err
	}
	entry, err := entryNumbers.firstFree(ctx, db, now)
	if err != nil {
		return 0, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	for _, table := range append(secretTables, "desks") {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE next_ids SET meeting = $1`, next); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('audit', 'id'), $1)`, entry); err != nil {
		return 0, err
	}
	const q = `INSERT INTO audit (id, at, action, detail) VALUES ($1, $2, $3, '')`
	if _, err := tx.ExecContext(ctx, q, entry, now.UnixMilli(), store.AuditRestored); err != nil {
		return 0, err
	}
	return next, tx.Commit()
}
