package sqlitedb

import (
	"context"
	"database/sql"
)

// Reader is a pool of connections for queries. A query does not start if its context has
// already ended. Once a query has started, it is not cancelled: every read is short, and
// the driver needs two goroutines for each statement that can be cancelled.
type Reader struct{ *sql.DB }

// QueryContext returns the rows of a query. If the context has already ended, it returns
// the context's error.
func (r Reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.DB.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// QueryRowContext returns the first row of a query. If the context has already ended, the
// row's Scan returns the context's error.
func (r Reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if ctx.Err() != nil {
		return r.DB.QueryRowContext(ctx, query, args...)
	}
	return r.DB.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}
