package postgresdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"time"
)

// Locks are named locks that exclude other desks, but not other goroutines of this process.
//
// All locks belong to one connection. If that connection breaks, another desk may take a
// lock while this desk is still working. An operation that must never run twice therefore
// also needs a constraint in the database.
type Locks struct{ db *sql.DB }

// OpenLocks opens the connection for this process's locks. The connection must not go
// through a pooler in transaction mode.
func (a Address) OpenLocks() Locks { return Locks{a.pool(1)} }

// Close closes the connection, which releases all locks.
func (l Locks) Close() error { return l.db.Close() }

// The first and the longest pause between attempts to take a lock, and the time limit for
// one call to the server.
const (
	firstTry  = 5 * time.Millisecond
	lastTry   = 200 * time.Millisecond
	callLimit = 10 * time.Second
)

// Lock takes the named lock and returns a function that releases it. It returns the
// context's error if the context ends first.
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

// try reports whether it took the lock. It ignores cancellation of ctx, because the server
// might otherwise grant a lock that is never released.
func (l Locks) try(ctx context.Context, key int64) (mine bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	defer cancel()
	err = l.db.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, key).Scan(&mine)
	return mine, err
}

// unlock releases a lock. If the call fails, the connection is broken, and the server
// releases the lock.
func (l Locks) unlock(key int64) {
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	_, _ = l.db.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, key)
}

// keyOf returns the key of the advisory lock with the given name. A hash collision only
// causes unnecessary waiting.
func keyOf(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return int64(h.Sum64())
}
