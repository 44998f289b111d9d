package postgresdb

import (
	"context"
	"database/sql"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// readSettings make the server's plan for a statement depend less on the table
	// statistics. Each connection plans a statement only once, because planning can take
	// longer than reading a few rows.
	readSettings = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;
	SET max_parallel_workers_per_gather = 0; SET jit = off; SET plan_cache_mode = force_generic_plan; SET default_transaction_read_only = on;`
	// listSettings also make the statement alone determine the join order.
	listSettings = readSettings + `SET join_collapse_limit = 1`
)

// OpenReader returns a pool for look-ups. Its connections cannot write. When the context of
// a query ends, pgx immediately closes the connection and cancels the query.
func (a Address) OpenReader() *sql.DB { return a.readers(readSettings) }

// OpenLister is like OpenReader, but for lists and searches.
func (a Address) OpenLister() *sql.DB { return a.readers(listSettings) }

func (a Address) readers(settings string) *sql.DB {
	config := a.config.Copy()
	config.BuildContextWatcherHandler = closeAfter(0)
	return Address{config}.pool(max(4, 2*runtime.NumCPU()), stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, settings)
		return err
	}))
}
