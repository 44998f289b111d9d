package transfer

import (
	"context"
	"database/sql"

	"meetdesk/store/listing"
)

// postponeIndexes drops all indexes except those of primary keys and unique columns. It also
// chooses the smaller form of the full-text index.
func (s *sqlite) postponeIndexes(ctx context.Context, tx *sql.Tx) error {
	const (
		create = `CREATE TABLE ` + laterTable + ` (position INTEGER PRIMARY KEY, tab TEXT NOT NULL, removal TEXT NOT NULL, definition TEXT NOT NULL)`
		fill   = `INSERT INTO ` + laterTable + ` (tab, removal, definition) SELECT tbl_name, 'DROP INDEX ' || name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`
	)
	if err := listing.NewIndex(ctx, tx); err != nil {
		return err
	}
	return postpone(ctx, tx, create, fill)
}

func (s *sqlite) build(ctx context.Context, tx *sql.Tx, definition string) error {
	_, err := tx.ExecContext(ctx, definition)
	return err
}

// analyze does nothing. The desk's statements do not need SQLite's statistics.
func (s *sqlite) analyze(context.Context) error { return nil }
