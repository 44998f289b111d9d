package listing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"meetdesk/store/sqlitedb"
)

// CheckIndex compares the full-text index with the tables. It returns a description of each
// difference, at most five of each kind. It also indexes the newest meetings again, up to
// the given number, and compares the lengths of their fields with those in the index. It
// skips this comparison while meetings are queued for reindexing.
func CheckIndex(ctx context.Context, c *sql.Conn, newest int) (differences []string, err error) {
	missing := []string{
		`SELECT 'meeting ' || id || ' is not in the full-text index' FROM meetings WHERE id NOT IN (SELECT id FROM meetings_fts_docsize) LIMIT 5`,
		`SELECT 'the full-text index has meeting ' || id || ', which does not exist' FROM meetings_fts_docsize WHERE id NOT IN (SELECT id FROM meetings) LIMIT 5`,
	}
	for _, q := range missing {
		texts, err := sqlitedb.Texts(ctx, c, q)
		if err != nil {
			return nil, fmt.Errorf("full-text index: %w", err)
		}
		differences = append(differences, texts...)
	}
	var definition string
	var waiting int
	const find = `SELECT sql, (SELECT count(*) FROM index_queue) FROM sqlite_schema WHERE name = 'meetings_fts'`
	if err := c.QueryRowContext(ctx, find).Scan(&definition, &waiting); err != nil || waiting > 0 {
		return differences, err
	}
	if err := indexAgain(ctx, c, definition, newest); err != nil {
		return nil, fmt.Errorf("full-text index: %w", err)
	}
	texts, err := sqlitedb.Texts(ctx, c, `SELECT 'the full-text index of meeting ' || id || ' does not match its texts'
		FROM temp.fresh_fts_docsize f JOIN main.meetings_fts_docsize i USING (id) WHERE f.sz <> i.sz LIMIT 5`)
	if err != nil {
		return nil, fmt.Errorf("full-text index: %w", err)
	}
	_, err = c.ExecContext(ctx, `DROP TABLE temp.fresh_fts`)
	return append(differences, texts...), err
}

// indexAgain indexes the newest meetings, up to the given number, in the temporary table
// fresh_fts. definition is the statement that created meetings_fts.
func indexAgain(ctx context.Context, c *sql.Conn, definition string, newest int) error {
	into := func(q string) string { return strings.Replace(q, "meetings_fts", "temp.fresh_fts", 1) }
	if _, err := c.ExecContext(ctx, into(definition)); err != nil {
		return err
	}
	list, err := SQLiteIndex().read(ctx, c, `m.id IN (SELECT id FROM meetings ORDER BY id DESC LIMIT $1)`, newest)
	if err != nil {
		return err
	}
	for _, i := range list {
		if err := putEntry(ctx, c, into(putSQL), i.meetingID, i.entry()); err != nil {
			return err
		}
	}
	return nil
}
