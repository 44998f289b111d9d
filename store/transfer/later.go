package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// laterTable is a table that exists only in an unfinished copy. It contains the statements
// that create the indexes and constraints that openTarget has dropped. Building an index
// once takes much less time than updating it for every row.
const laterTable = "unfinished_copy_later"

// indexTable is the table with the full-text index.
const indexTable = "meetings_fts"

// postpone creates and fills laterTable with the given statements. It then executes the
// statements in the removal column.
func postpone(ctx context.Context, tx *sql.Tx, create, fill string, args ...any) error {
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fill, args...); err != nil {
		return err
	}
	var removals string
	if err := tx.QueryRowContext(ctx, `SELECT string_agg(removal, '; ') FROM `+laterTable).Scan(&removals); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, removals)
	return err
}

// buildIndexes creates the indexes and constraints that postpone has dropped: those of the
// full-text index if fullText is true, and those of all other tables otherwise. Each one has
// its own transaction, so an interruption loses the work on only one.
func (c copying) buildIndexes(ctx context.Context, fullText bool) error {
	const next = `SELECT position, definition, count(*) OVER () FROM ` + laterTable + ` WHERE (tab = $1) = $2 ORDER BY position LIMIT 1`
	for done := int64(0); ; done++ {
		var position, left int64
		var definition string
		err := c.to.connections().QueryRowContext(ctx, next, indexTable, fullText).Scan(&position, &definition, &left)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		err = transact(ctx, c.to.connections(), func(tx *sql.Tx) error {
			if err := c.to.build(ctx, tx, definition); err != nil {
				return fmt.Errorf("%s: %w", definition, err)
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM `+laterTable+` WHERE position = $1`, position)
			return err
		})
		if err != nil {
			return err
		}
		c.report("indexes", done+1, done+left)
	}
}
