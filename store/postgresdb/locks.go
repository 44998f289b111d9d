package postgresdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"time"
)

// Locks are locks by name that exclude other desks. They do not exclude others in the same
// process, which must use its own locks first.
//
// All locks belong to one connection. If it breaks, the server releases them, and the next
// desk may take them while this one still works. What must never happen twice therefore
// needs a constraint in the database as well.
type Locks struct{ db *sql.DB }

// OpenLocks returns the locks of this process. The connection must not go through a pool
// that gives each transaction another one.
func (a Address) OpenLocks() Locks { return Locks{a.open(1)} }

// Close releases all locks.
func (l Locks) Close() error { return l.db.Close() }

// The pauses between the tries to take a lock, and the longest time that the server may take
// for one call.
const (
	firstTry  = 5 * time.Millisecond
	lastTry   = 200 * time.Millisecond
	callLimit = 10 * time.Second
)

// Lock takes the lock with the name and returns a function that releases it. If the context
// ends before that, Lock returns the context's error.
func (l Locks) Lock(ctx context.Context, name string) (unlock func(), err error) {
	key := keyOf(name)
	for pause := firstTry; ; pause = min(2*pause, lastTry) {
		mine, err := l.try(ctx, key)
		if err != nil {
			return nil, errors.Join(ctx.Err(), fmt.Errorf("lock %s: %w", name, err))
		}
		if mine {
			return func() { l.unlock(key) }, nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try takes the lock if it is free. It does not stop when ctx ends. Otherwise the server
// might give the lock to this connection without the desk noticing, and nobody would
// release it.
func (l Locks) try(ctx context.Context, key int64) (mine bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	defer cancel()
	err = l.db.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, key).Scan(&mine)
	return mine, err
}

// unlock releases a lock. If that fails, the connection is broken, and the server has
// released the lock or will do so.
func (l Locks) unlock(key int64) {
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	_, _ = l.db.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, key)
}

// keyOf returns the number of a lock. Two names can share a number, which makes one wait
// for the other for no reason, but does no harm.
func keyOf(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return int64(h.Sum64())
}
