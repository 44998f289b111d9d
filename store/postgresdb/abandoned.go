package postgresdb

import (
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// outcomeDelay is how long a write may continue after its context has ended. If the write
// completes within this time, its outcome is known, and the connection keeps its locks.
const outcomeDelay = 5 * time.Second

// closeAfter returns a value for BuildContextWatcherHandler in pgconn.Config. If the
// context of a statement has ended and the statement is still running after the delay, pgx
// closes the connection and then sends a cancel request.
//
// A cancel request identifies a connection, not a statement. On an open connection, a late
// request could cancel the next statement.
func closeAfter(delay time.Duration) func(*pgconn.PgConn) ctxwatch.Handler {
	return func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn(), DeadlineDelay: delay}
	}
}

// IsValid keeps closed connections out of the pool. Otherwise, a statement could be run on
// a closed connection and fail.
func (c cleaningConn) IsValid() bool { return !c.Conn.Conn().IsClosed() }

// closeLimit is how long Close may wait. A server that takes longer has probably failed.
const closeLimit = time.Second

// Close waits until the server has stopped the statement and closed its end of the
// connection. The pool then replaces the connection instead of adding another one.
func (c cleaningConn) Close() error {
	err := c.Conn.Close()
	select {
	case <-c.Conn.Conn().PgConn().CleanupDone():
	case <-time.After(closeLimit):
	}
	return err
}
