package postgresdb

import (
	"context"
	"database/sql"
	"errors"
)

// checkDirect returns an *OpenError if a pooler such as PgBouncer shares server connections
// between clients. Locks, settings and prepared statements belong to a connection, so they
// would be unreliable. checkDirect accepts PgBouncer in session mode, where each client has
// its own connection.
func (a Address) checkDirect(ctx context.Context, db *sql.DB) (err error) {
	var backends [2]string
	for i := range backends {
		conn, err := db.Conn(ctx) // kept open so that the next iteration gets a different connection
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

// backend returns the ID of the server process. It does not prepare a statement, because a
// pooler might prepare and execute it in different processes.
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
