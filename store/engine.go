package store

import (
	"context"
	"database/sql"
	"time"
)

// engine has what SQLite and PostgreSQL do differently. The files of the two engines begin
// with their names. All other files of this package are the same for both, and so are the
// statements in them.
type engine interface {
	// lockWriter is called at the beginning of a transaction on the connection for writing.
	// Afterwards no other such transaction runs, in any process, until this one ends. It
	// sees everything that earlier ones committed. id is for commit.
	lockWriter(ctx context.Context, tx *sql.Tx) (id string, err error)
	// commit commits such a transaction. It returns an error only if the transaction was not
	// committed, or if that is not known.
	commit(ctx context.Context, tx *sql.Tx, id string) error
	// exclude takes the lock with the name, which excludes the other processes on this
	// database until release is called. It does not exclude others in the same process.
	exclude(ctx context.Context, name string) (release func(), err error)

	// isAlone reports whether no other process uses the database.
	isAlone() bool
	// stoppedBefore returns the time before which an attempt must have begun, in
	// milliseconds, if no process can be working on it any more.
	stoppedBefore(now time.Time) int64

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

	// Close releases what only the engine knows of. The pools are closed before.
	Close() error
}
