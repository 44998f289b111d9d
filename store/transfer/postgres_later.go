package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// laterTable is a table that exists only in an unfinished copy on PostgreSQL. It contains the
// statements that create what postponeIndexes has dropped.
const laterTable = "unfinished_copy_later"

// indexTable is the table with the full-text index.
const indexTable = "meetings_fts"

// buildMemory is how much memory PostgreSQL may use to build an index.
const buildMemory = "512MB"

// postponeIndexes drops the indexes, unique constraints and foreign keys of all tables that
// the copy fills. It keeps the primary keys, because a copy continues after the last key. Without
// foreign keys, a row may refer to one that is copied later, as attempts and replies do.
func postponeIndexes(ctx context.Context, tx *sql.Tx) error {
	const (
		create = `CREATE TABLE ` + laterTable + ` (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tab TEXT NOT NULL, removal TEXT NOT NULL, definition TEXT NOT NULL)`
		// Foreign keys are last, because they are checked with the indexes.
		fill = `INSERT INTO ` + laterTable + ` (tab, removal, definition)
			SELECT c.relname, l.removal, l.definition FROM (
				SELECT indrelid AS tab, 1 AS place, format('DROP INDEX %s', indexrelid::regclass) AS removal, pg_get_indexdef(indexrelid) AS definition
				FROM pg_index WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
				UNION ALL
				SELECT conrelid, CASE contype WHEN 'f' THEN 3 ELSE 2 END, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
					format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
				FROM pg_constraint WHERE contype IN ('u', 'f')) l
			JOIN pg_class c ON c.oid = l.tab WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1::text[]) ORDER BY place, definition`
		all = `SELECT string_agg(removal, '; ') FROM ` + laterTable
	)
	names := []string{indexTable}
	for _, t := range tables {
		names = append(names, t.name)
	}
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fill, names); err != nil {
		return err
	}
	var removals string
	if err := tx.QueryRowContext(ctx, all).Scan(&removals); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, removals)
	return err
}

// buildIndexes creates what postponeIndexes has dropped, either of the full-text index or of
// all other tables. Each part has its own transaction, so an interruption loses only one.
func (p *postgres) buildIndexes(ctx context.Context, fullText bool, report progress) error {
	const next = `SELECT position, definition, count(*) OVER () FROM ` + laterTable + ` WHERE (tab = $1::text) = $2::boolean ORDER BY position LIMIT 1`
	for done := int64(0); ; done++ {
		var position, left int64
		var definition string
		err := p.db.QueryRowContext(ctx, next, indexTable, fullText).Scan(&position, &definition, &left)
		if errors.Is(err, sql.ErrNoRows) {
			_, err := p.db.ExecContext(ctx, `ANALYZE`) // for the queries of the next steps
			return err
		}
		if err != nil {
			return err
		}
		err = transact(ctx, p.db, func(tx *sql.Tx) error {
			for _, q := range []string{`SET LOCAL maintenance_work_mem = '` + buildMemory + `'`, definition, fmt.Sprintf(`DELETE FROM %s WHERE position = %d`, laterTable, position)} {
				if _, err := tx.ExecContext(ctx, q); err != nil {
					return fmt.Errorf("%s: %w", q, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		report("indexes", done+1, done+left)
	}
}
