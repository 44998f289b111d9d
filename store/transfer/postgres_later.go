package transfer

import (
	"context"
	"database/sql"
)

// buildMemory is how much memory PostgreSQL may use to build an index.
const buildMemory = "512MB"

// postponeIndexes drops the indexes, unique constraints and foreign keys of all tables that
// the copy fills. It keeps the primary keys, because an interrupted copy continues after the
// last key. Without foreign keys, a row may refer to one that is copied later. Attempts and
// replies do so.
func (p *postgres) postponeIndexes(ctx context.Context, tx *sql.Tx) error {
	const (
		create = `CREATE TABLE ` + laterTable + ` (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tab TEXT NOT NULL, removal TEXT NOT NULL, definition TEXT NOT NULL)`
		// Foreign keys are last, because checking them needs the indexes.
		fill = `INSERT INTO ` + laterTable + ` (tab, removal, definition)
			SELECT c.relname, l.removal, l.definition FROM (
				SELECT indrelid AS tab, 1 AS place, format('DROP INDEX %s', indexrelid::regclass) AS removal, pg_get_indexdef(indexrelid) AS definition
				FROM pg_index WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
				UNION ALL
				SELECT conrelid, CASE contype WHEN 'f' THEN 3 ELSE 2 END, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
					format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
				FROM pg_constraint WHERE contype IN ('u', 'f')) l
			JOIN pg_class c ON c.oid = l.tab WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1::text[]) ORDER BY place, definition`
	)
	names := []string{indexTable}
	for _, t := range tables {
		names = append(names, t.name)
	}
	return postpone(ctx, tx, create, fill, names)
}

func (p *postgres) build(ctx context.Context, tx *sql.Tx, definition string) error {
	if _, err := tx.ExecContext(ctx, `SET LOCAL maintenance_work_mem = '`+buildMemory+`'`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, definition)
	return err
}

// analyze updates the statistics that the queries of indexMeetings need.
func (p *postgres) analyze(ctx context.Context) error {
	_, err := p.db.ExecContext(ctx, `ANALYZE`)
	return err
}
