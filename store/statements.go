package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"modernc.org/sqlite"
)

// openPrepared opens a pool in which every connection keeps the statements it
// has run: SQLite takes longer to compile most of ours than to run them, and
// all of them are constants of this package, or put together from a few parts of it
// (listing_sql.go): some hundreds.
func openPrepared(dsn string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return sql.OpenDB(preparing{connector}), nil
}

type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &preparedConn{sqliteConn: c.(sqliteConn), idle: make(map[string]sqliteStmt)}, nil
}

// What the driver's connections and statements can do beyond the least.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
)

// preparedConn is a connection and the statements that nobody is using. Like
// any driver.Conn it serves one goroutine at a time.
type preparedConn struct {
	sqliteConn
	idle map[string]sqliteStmt
}

// take returns a statement of its own: one that is being read from is not
// there to be had twice.
func (c *preparedConn) take(ctx context.Context, query string) (sqliteStmt, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(sqliteStmt), nil
}

// give takes a statement back; a second one of the same query is not kept.
func (c *preparedConn) give(query string, s sqliteStmt) error {
	if _, ok := c.idle[query]; ok {
		return s.Close()
	}
	c.idle[query] = s
	return nil
}

// ExecContext runs a statement that returns no rows.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		s.Close() // the error that matters is err
		return nil, err
	}
	return result, c.give(query, s)
}

// QueryContext runs a statement whose rows hold it until they are closed.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		s.Close()
		return nil, err
	}
	return &preparedRows{Rows: rows, conn: c, query: query, stmt: s}, nil
}

// Close closes the statements with the connection.
func (c *preparedConn) Close() error {
	for _, s := range c.idle {
		s.Close()
	}
	return c.sqliteConn.Close()
}

type preparedRows struct {
	driver.Rows
	conn  *preparedConn
	query string
	stmt  sqliteStmt
}

// Close gives the statement back. database/sql calls it once.
func (r *preparedRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		r.stmt.Close()
		return err
	}
	return r.conn.give(r.query, r.stmt)
}
