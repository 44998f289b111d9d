package postgresdb

import (
	"context"
	"database/sql"
	"errors"
)

// checkDirect returns an *OpenError if a pooler such as PgBouncer shares a connection to
// the server between clients. Locks, settings and prepared statements belong to
// connections, so the desk could rely on none of them. checkDirect accepts a pooler that
// gives each client its own connection, as PgBouncer does in session mode.
func (a Address) checkDirect(ctx context.Context, db *sql.DB) (err error) {
	var backends [2]string
	for i := range backends {
		conn, err := db.Conn(ctx) // stays open until checkDirect returns, so that the second connection differs from the first
		if err != nil {
			return a.openError(err)
		}
		defer conn.Close()
		if backends[i], err = backend(ctx, conn); err != nil {
			return a.openError(err)
		}
	}
	if backends[0] != backends[1] {
		return nil
	}
	return &OpenError{
		what: "the database " + a.String() + " is behind a pooler that shares connections between clients: set pool_mode=session in PgBouncer, or connect to the server",
		Kind: "pooler", err: errors.New("two connections are one on the server"),
	}
}

// backend returns the ID of the server process. It prepares no statement, because a pooler
// might send the preparation and the statement to different processes.
func backend(ctx context.Context, conn *sql.Conn) (id string, err error) {
	err = conn.Raw(func(c any) error {
		results, err := c.(cleaningConn).Conn.Conn().PgConn().Exec(ctx, `SELECT pg_backend_pid()`).ReadAll()
		if err == nil {
			id = string(results[0].Rows[0][0])
		}
		return err
	})
	return id, err
}
