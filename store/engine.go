package store

import (
	"context"
	"database/sql"

	"meetdesk/meeting"
)

// engine contains the operations that SQLite and PostgreSQL carry out differently. Only
// files whose names begin with an engine's name depend on the engine.
type engine interface {
	// transact runs the function do in a transaction. Until do returns, no other such
	// transaction runs, in this process or in others. The transaction sees everything
	// that earlier ones wrote. When transact returns nil, the transaction is on the disk.
	// transact returns an error only if the transaction was not committed, or if the
	// outcome is unknown.
	transact(ctx context.Context, do func(*sql.Tx) error) error
	// transactAside runs the function do in a transaction that need not wait for
	// transactions run by transact. The function must not decide anything based on what it
	// reads. It must change rows in an order that keeps two such transactions from
	// deadlocking.
	transactAside(ctx context.Context, do func(*sql.Tx) error) error
	// exclude takes the lock with the given name. Until release is called, no other
	// process that uses this database can take the lock. This process, however, can take
	// it again.
	exclude(ctx context.Context, name string) (release func(), err error)

	// claimRenewal claims the renewal of the grant's tokens, unless an earlier claim is
	// still valid. mine is true if the caller now has the claim, and claim is then the value
	// of renewal_until.
	claimRenewal(ctx context.Context, grantID int64) (claim int64, mine bool, err error)

	// deskID returns the number of this process in the table desks, or 0 if no other process
	// can use the database.
	deskID() int64
	// desks returns how many processes use the database. The number may be a few seconds old.
	desks() int
	// renewLease renews the lease of this process. It also deletes the entries of processes
	// that have stopped without calling unregister.
	renewLease(ctx context.Context) error
	// unregister removes this process from the table desks. If that fails, other processes
	// notice later, when the lease has expired.
	unregister()

	// equalFold returns an SQL condition that is true if two strings are equal, ignoring
	// the case of ASCII letters.
	equalFold(a, b string) string
	// useIndex returns the clause that makes the engine use the index. The clause follows
	// the name of the table.
	useIndex(name string) string

	// shrink releases the memory that the connection for writing still holds after a
	// transaction that wrote megabytes.
	shrink(ctx context.Context)

	// insertAttendees inserts the attendees of a meeting that has none yet.
	insertAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, list []meeting.Attendee) error

	checkWritable(ctx context.Context) error
	checkSchema(ctx context.Context, read *sql.DB) error
	checkDisk() error
	// size sets the size of the database in state and, if the engine knows it, the free
	// disk space.
	size(ctx context.Context, state *State) error

	// The next three methods are the last steps of an erasure. With SQLite, they overwrite
	// what was deleted. Each of the first two is called repeatedly until done is true.
	fillFreePages(ctx context.Context, tx *sql.Tx) (done bool, err error)
	emptyFiller(ctx context.Context, tx *sql.Tx) (done bool, err error)
	forgetDeleted(ctx context.Context) error

	// Close releases the resources that only the engine knows about. The pools have
	// already been closed.
	Close() error
}
