package store

import (
	"context"
	"database/sql"
	"time"

	"meetdesk/meeting"
)

// engine contains the operations that differ between SQLite and PostgreSQL. Each engine's
// implementation is in files whose names begin with the engine's name.
type engine interface {
	// transact runs the given function in a transaction. Such transactions run one at a
	// time, even in different processes, and each sees the writes of the earlier ones.
	// When transact returns nil, the transaction is on the disk. If it returns an error,
	// the transaction was not committed or its outcome is unknown.
	transact(ctx context.Context, do func(*sql.Tx) error) error
	// transactAside runs the given function in a transaction that need not wait for the
	// transactions that transact runs. The function must not base decisions on what it
	// reads, and must change rows in a consistent order to prevent deadlocks.
	transactAside(ctx context.Context, do func(*sql.Tx) error) error
	// exclude acquires the lock with the given name. Until the release function is called,
	// no other process that uses the database can acquire the lock, but this process can
	// acquire it again.
	exclude(ctx context.Context, name string) (release func(), err error)

	// claimRenewal claims the renewal of the grant's tokens, unless an earlier claim is
	// still valid. If mine is true, the caller now has the claim, and its value is stored
	// in renewal_until.
	claimRenewal(ctx context.Context, grantID int64) (claim int64, mine bool, err error)

	// deskID returns the ID of this process in the desks table, or 0 if no other process
	// can use the database.
	deskID() int64
	// desks returns how many processes use the database. The number may be a few seconds old.
	desks() int
	// renewLease renews the lease of this process. It also deletes the entries of processes
	// that have stopped without calling unregister.
	renewLease(ctx context.Context) error
	// unregister removes this process from the desks table. If that fails, the entry
	// remains until its lease has expired.
	unregister()

	// equalFold returns an SQL condition that is true if two strings are equal, ignoring
	// the case of ASCII letters.
	equalFold(a, b string) string
	// useIndex returns the clause that makes SQLite use the index, or "" for PostgreSQL.
	// The clause follows the table name.
	useIndex(name string) string

	// shrink releases the memory of the write connection after a large transaction.
	shrink(ctx context.Context)

	// insertAttendees inserts the attendees of a meeting that has none yet.
	insertAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, list []meeting.Attendee) error

	checkWritable(ctx context.Context) error
	checkSchema(ctx context.Context, read *sql.DB) error
	checkPages(ctx context.Context, read *sql.DB, limit time.Duration) (complete bool, err error)
	checkDisk() error
	size(ctx context.Context) (Size, error)

	// The next three methods are the last steps of an erasure. With SQLite, they overwrite
	// the deleted data. Each of the first two is called repeatedly until done is true.
	fillFreePages(ctx context.Context, tx *sql.Tx) (done bool, err error)
	emptyFiller(ctx context.Context, tx *sql.Tx) (done bool, err error)
	forgetDeleted(ctx context.Context) error

	// Close releases the engine's own resources. It is called after the pools have been
	// closed.
	Close() error
}
