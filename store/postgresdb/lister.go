package postgresdb

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// listSettings make the server's plan for a list independent of the table statistics. The
// statement alone determines the indexes and the join order. Each connection plans a
// statement only once.
const listSettings = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;
	SET join_collapse_limit = 1; SET max_parallel_workers_per_gather = 0; SET jit = off; SET plan_cache_mode = force_generic_plan; SET default_transaction_read_only = on`

// OpenLister returns a pool for lists and searches. Its connections cannot write.
func (a Address) OpenLister() *sql.DB {
	return a.readers(stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, listSettings)
		return err
	}))
}
