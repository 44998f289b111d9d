package sqlitedb

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"modernc.org/sqlite"
)

// openPrepared opens a pool whose connections cache prepared statements, because SQLite
// takes longer to compile most statements than to run them.
func openPrepared(dsn string, transactionsWhole bool) (*sql.DB, error) {
	registerFunctions()
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return sql.OpenDB(preparing{connector, transactionsWhole}), nil
}

type preparing struct {
	driver.Connector
	transactionsWhole bool // see OpenWriter
}

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	own := c.(sqliteConn)
	h := handleOf(own)
	if err := h.keepPlans(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return &preparedConn{sqliteConn: own, handle: h, idle: make(map[string]*list.Element), transactionsWhole: p.transactionsWhole}, nil
}

// The interfaces of the driver's connections and statements, including optional ones.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.SessionResetter
		driver.Validator
		sqlite.DBStatus
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
)

// maxIdle is the maximum number of idle statements that a connection caches. About a
// hundred statements have fixed text. Caching the thousands of variants of list and search
// queries as well would take over 50 MB.
const maxIdle = 150

// preparedConn is a connection that caches idle prepared statements. Like any driver.Conn,
// it serves one goroutine at a time.
type preparedConn struct {
	sqliteConn
	handle
	idle  map[string]*list.Element // elements of the order list, keyed by the statement's text
	order list.List                // idleStmt values, the most recently used first

	transactionsWhole, inTransaction bool
}

type idleStmt struct {
	query string
	stmt  sqliteStmt
}

// Statements returns the SQL of the cached statements, in no particular order. Tests call
// it through sql.Conn.Raw.
func (c *preparedConn) Statements() []string { return slices.Collect(maps.Keys(c.idle)) }

// acquire returns a prepared statement for one use. It prepares a new statement if there is
// no idle one, for example because the rows of the same query are still being read.
func (c *preparedConn) acquire(ctx context.Context, query string) (sqliteStmt, error) {
	if e, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return c.order.Remove(e).(idleStmt).stmt, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(sqliteStmt), nil
}

// release caches the statement for its next use, or closes it if the cache already has one
// for the query. If the cache is full, release closes the least recently used statement.
func (c *preparedConn) release(query string, s sqliteStmt) error {
	if _, ok := c.idle[query]; ok {
		return s.Close()
	}
	c.idle[query] = c.order.PushFront(idleStmt{query, s})
	if len(c.idle) <= maxIdle {
		return nil
	}
	oldest := c.order.Remove(c.order.Back()).(idleStmt)
	delete(c.idle, oldest.query)
	return oldest.stmt.Close()
}

// preparedTx clears inTransaction when the transaction ends.
type preparedTx struct {
	driver.Tx
	conn *preparedConn
}

func (c *preparedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.sqliteConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.inTransaction = true
	return preparedTx{tx, c}, nil
}

func (t preparedTx) Commit() error {
	t.conn.inTransaction = false
	return t.Tx.Commit()
}

func (t preparedTx) Rollback() error {
	t.conn.inTransaction = false
	return t.Tx.Rollback()
}

// uncut returns the context for a statement. Within a transaction, this context cannot be
// cancelled if transactionsWhole is set.
func (c *preparedConn) uncut(ctx context.Context) context.Context {
	if c.transactionsWhole && c.inTransaction {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// ExecContext runs a statement that returns no rows.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx = c.uncut(ctx)
	s, err := c.acquire(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		s.Close()
		return nil, err
	}
	return result, c.release(query, s)
}

// QueryContext runs a query. The statement remains in use until the rows are closed. When
// the context ends, the query is interrupted even after its first row, unless uncut
// prevents it.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ctx = c.uncut(ctx)
	s, err := c.acquire(ctx, query)
	if err != nil {
		return nil, err
	}
	stop := c.interruptAfter(ctx)
	// WithoutCancel keeps the driver from starting another goroutine that waits for the
	// context.
	rows, err := s.QueryContext(context.WithoutCancel(ctx), args)
	if err != nil {
		stop()
		s.Close()
		return nil, contextError(ctx, err)
	}
	return &preparedRows{Rows: rows, ctx: ctx, stop: stop, conn: c, query: query, stmt: s}, nil
}

func contextError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Close closes the statements and the connection.
func (c *preparedConn) Close() error {
	for e := c.order.Front(); e != nil; e = e.Next() {
		e.Value.(idleStmt).stmt.Close()
	}
	return c.sqliteConn.Close()
}

type preparedRows struct {
	driver.Rows
	ctx   context.Context
	stop  func()
	conn  *preparedConn
	query string
	stmt  sqliteStmt
}

// Next reads the next row. If the context has ended, it returns the context's error
// instead of SQLite's.
func (r *preparedRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return contextError(r.ctx, err)
}

// Close releases the statement. database/sql calls it only once.
func (r *preparedRows) Close() error {
	r.stop()
	if err := r.Rows.Close(); err != nil {
		r.stmt.Close()
		return err
	}
	return r.conn.release(r.query, r.stmt)
}
