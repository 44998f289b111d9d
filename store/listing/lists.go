package listing

import (
	"sync/atomic"
	"time"

	"meetdesk/store/sqlitedb"
)

// Lists reads lists of meetings. Its methods are safe for concurrent use.
type Lists struct {
	db      sqlite
	now     func() time.Time
	changes *atomic.Int64
	counts  countCache
	common  conditionSet
}

// Open connects to the database at path, which must already have the newest schema.
// changes counts the transactions that may have changed a list.
func Open(path string, now func() time.Time, changes *atomic.Int64) (*Lists, error) {
	reader, err := sqlitedb.OpenReader(path)
	if err != nil {
		return nil, err
	}
	return &Lists{db: sqlite{reader}, now: now, changes: changes}, nil
}

// Close closes the connections.
func (l *Lists) Close() error { return l.db.Close() }
