package store

import (
	"context"
	"database/sql"
)

// engine has what SQLite and PostgreSQL do differently. The files of the two engines begin
// with their names. All other files of this package are the same for both, and so are the
// statements in them.
type engine interface {
	// lockWriter is called at the beginning of a transaction on the connection for writing.
	// Afterwards no other such transaction runs, in any process, until this one ends. It
	// sees everything that earlier ones committed.
	lockWriter(ctx context.Context, tx *sql.Tx) error

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
