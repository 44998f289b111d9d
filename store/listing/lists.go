package listing

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/sqlitedb"
)

// Lists reads lists of meetings. Its methods are safe for concurrent use.
type Lists struct {
	db      reader
	now     func() time.Time
	changes *atomic.Int64
	limit   time.Duration // how long one read may take
	counts  countCache
	common  conditionSet
	rare    conditionSet // conditions that had few matches when they were last checked
}

// readLimit is the time limit for a list, a search, a count or one part of an export. Each
// normally takes less than a second of processor time; see TestMostExpensiveList.
const readLimit = 5 * time.Second

// limited returns a context for one read and a function to call when the read ends. If the
// read exceeded the time limit, the function replaces the read's error with one whose Key
// is meeting.ReasonListSlow.
func (l *Lists) limited(ctx context.Context) (context.Context, func(*error)) {
	reading, cancel := context.WithTimeout(ctx, l.limit)
	return reading, func(err *error) {
		if *err != nil && reading.Err() != nil && ctx.Err() == nil {
			*err = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonListSlow, Err: *err}
		}
		cancel()
	}
}

// Open connects to the database at path, which must have the newest schema. changes counts
// the transactions that may have changed a list.
func Open(path string, now func() time.Time, changes *atomic.Int64) (*Lists, error) {
	db, err := sqlitedb.OpenReader(path)
	if err != nil {
		return nil, err
	}
	return &Lists{db: reader{db, sqlite{}}, now: now, changes: changes, limit: readLimit}, nil
}

// OpenPostgres is like Open, but uses a pool of connections that postgresdb.OpenLister
// returned. Lists.Close closes the pool.
func OpenPostgres(db *sql.DB, now func() time.Time, changes *atomic.Int64) *Lists {
	return &Lists{db: reader{db, postgres{}}, now: now, changes: changes, limit: readLimit, counts: countCache{isShared: true}}
}

// Close closes the database connections.
func (l *Lists) Close() error { return l.db.Close() }
