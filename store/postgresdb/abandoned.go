package postgresdb

import (
	"database/sql"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/stdlib"
)

// outcomeDelay is how long a write may continue after its context has ended. If the write
// completes within this time, its outcome is known, and the connection keeps its locks.
const outcomeDelay = 5 * time.Second

// closeAfter returns a function for pgx. The function makes pgx close a connection if its
// statement is still running after the given delay, which begins when the statement's
// context ends. Only then does pgx ask the server to cancel the statement.
//
// A cancel request names a connection, not a statement. If it arrived late, it would stop
// the connection's next statement. A closed connection has no next statement.
func closeAfter(delay time.Duration) func(*pgconn.PgConn) ctxwatch.Handler {
	return func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn(), DeadlineDelay: delay}
	}
}

// readers returns a pool for reading. When the context of a read ends, pgx stops the read
// and closes its connection, because nobody is waiting for the result any longer.
func (a Address) readers(options ...stdlib.OptionOpenDB) *sql.DB {
	config := a.config.Copy()
	config.BuildContextWatcherHandler = closeAfter(0)
	return Address{config}.pool(max(4, 2*runtime.NumCPU()), options...)
}

// IsValid keeps a closed connection out of the pool. Otherwise, a statement that waits for
// a connection might use the closed one and fail.
func (c cleaningConn) IsValid() bool { return !c.Conn.Conn().IsClosed() }

// closeLimit is how long Close may wait. A server that takes longer has probably failed,
// and the pool needs connections to its successor.
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
