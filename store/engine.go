package store

import (
	"context"
	"database/sql"
)

// engine contains the operations that SQLite and PostgreSQL carry out differently. Only
// files whose names begin with an engine's name depend on the engine.
type engine interface {
	// lockWriter must be called first in a transaction on the connection for writing.
	// Until it ends, no other such transaction runs in any process. The transaction sees
	// everything that earlier ones committed. id must be passed to commit.
	lockWriter(ctx context.Context, tx *sql.Tx) (id string, err error)
	// commit commits a transaction of lockWriter. An error means that the transaction was
	// not committed, or that the outcome is unknown.
	commit(ctx context.Context, tx *sql.Tx, id string) error
	// exclude takes a named lock. Until release is called, no other process on this
	// database can take it. The same process can.
	exclude(ctx context.Context, name string) (release func(), err error)

	// deskID returns the number of this process in the table desks, or 0 if no other process
	// can use the database.
	deskID() int64
	// renewLease renews the lease of this process. It also deletes the entries of processes
	// that have stopped without calling unregister.
	renewLease(ctx context.Context) error
	// unregister removes this process from the table. If that fails, other processes notice
	// later that the lease has ended.
	unregister()

	// equalFold returns an SQL condition that is met if two texts are equal, ignoring the
	// case of ASCII letters.
	equalFold(a, b string) string
	// useIndex returns the clause that makes the engine use the index. The clause follows
	// the name of the table.
	useIndex(name string) string

	checkWritable(ctx context.Context) error
	checkSchema(ctx context.Context, read *sql.DB) error
	checkDisk() error
	// size sets the fields of the state that describe the disk.
	size(ctx context.Context, state *State) error

	// The last three steps of an erasure, which overwrite what was deleted. The first two
	// are called until they are done.
	fillFreePages(ctx context.Context, tx *sql.Tx) (done bool, err error)
	emptyFiller(ctx context.Context, tx *sql.Tx) (done bool, err error)
	forgetDeleted(ctx context.Context) error

	// Close releases the resources that only the engine knows about. The pools have
	// already been closed.
	Close() error
}
