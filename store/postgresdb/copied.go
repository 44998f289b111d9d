package postgresdb

import (
	"context"
	"database/sql"
)

// MarkTable is the name of a table that exists only in an unfinished copy of a database.
// The table records the source of the copy.
const MarkTable = "unfinished_copy"

// CheckComplete returns an *OpenError if the database is an unfinished copy.
func (a Address) CheckComplete(ctx context.Context, db *sql.DB) error {
	var unfinished bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('`+MarkTable+`') IS NOT NULL`).Scan(&unfinished); err != nil {
		return a.openError(err)
	}
	if unfinished {
		return &OpenError{what: "the database " + a.String() + " is an unfinished copy: run the same \"meetdesk copy\" again to complete it"}
	}
	return nil
}
