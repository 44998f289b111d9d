package postgresdb

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
)

// Insert adds the rows to the table with COPY. If it fails, it adds none of them. Values
// must have the types of their columns, and strings must have passed through Clean.
func Insert(ctx context.Context, db *sql.DB, table string, columns []string, rows [][]any) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		_, err := c.(cleaningConn).Conn.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return err
	})
}
