package store

import (
	"context"
	"database/sql"
)

// engine has what SQLite and PostgreSQL do differently. Files for only one engine have
// names that begin with the engine's name. All other files of this package, and the
// statements in them, are the same for both.
type engine interface {
	// lockWriter is called at the beginning of a transaction on the connection for writing.
	// Afterwards no other such transaction runs, in any process, until this one ends. It
	// sees everything that earlier ones committed. id is for commit.
	lockWriter(ctx context.Context, tx *sql.Tx) (id string, err error)
	// commit commits such a transaction. It returns an error only if the transaction was
	// not committed, or if the outcome is unknown.
	commit(ctx context.Context, tx *sql.Tx, id string) error
	// exclude takes the lock with the given name. Until release is called, no other
	// process on this database can take it. The lock does not exclude others in the same
	// process.
	exclude(ctx context.Context, name string) (release func(), err error)

	// deskID returns the number of this process in the table desks, or 0 if no other process
	// can use the database.
	deskID() int64
	// renewLease tells the other desks that this one runs, and removes those from the table
	// that have stopped without doing so.
	renewLease(ctx context.Context) error
	// unregister removes this process from the table. If it cannot, the lease ends later.
	unregister()

	// equalFold returns the condition that two texts are equal, without regard to case in
	// ASCII.
	equalFold(a, b string) string
	// useIndex returns what comes after the name of a table so that the engine uses the
	// index.
	useIndex(name string) string

	checkWritable(ctx context.Context) error
	checkSchema(ctx context.Context, read *sql.DB) error
	checkDisk() error
	// size fills in what the state says about the disk.
	size(ctx context.Context, state *State) error

	// An erasure ends with these three steps, which overwrite what was deleted. The first
	// two are called until they are done.
	fillFreePages(ctx context.Context, tx *sql.Tx) (done bool, err error)
	emptyFiller(ctx context.Context, tx *sql.Tx) (done bool, err error)
	forgetDeleted(ctx context.Context) error

	// Close releases what only the engine knows of. The pools have already been closed.
	Close() error
}
