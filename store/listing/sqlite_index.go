package listing

import (
	"context"
	"database/sql"
	"fmt"
)

// SQLiteIndex returns the full-text index of an SQLite database.
func SQLiteIndex() Index { return Index{sqliteIndex{}} }

type sqliteIndex struct{ sqlite }

// NewIndex replaces the full-text index with a smaller one if the database has no meetings.
// If there are meetings, it does nothing, because rebuilding the index could take hours.
// FTS5 stores the column number in all entries except those of the first column. The first
// column is therefore the one with the most words: the attendees.
func NewIndex(ctx context.Context, tx *sql.Tx) error {
	const (
		isOld = `SELECT NOT EXISTS (SELECT 1 FROM meetings) AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meetings_fts' AND sql LIKE '%(%attendees, subject, organizer, external_id, scope,%')`
		order = `CREATE VIRTUAL TABLE meetings_fts USING fts5 (
	attendees, subject, organizer, external_id, scope,
	content = '', contentless_delete = 1,
	tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7 8 9 10 11 12 13 14 15 16'
)`
		usermerge = `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('usermerge', 2)` // the same setting as in migrations/0007_upkeep.sql
	)
	var old bool
	if err := tx.QueryRowContext(ctx, isOld).Scan(&old); err != nil || !old {
		return err
	}
	for _, q := range []string{`DROP TABLE meetings_fts`, order, usermerge} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("full-text index: %w", err)
		}
	}
	return nil
}

const putSQL = `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) VALUES ($1, $2, $3, $4, $5, $6)`

func (sqliteIndex) put(ctx context.Context, tx *sql.Tx, entries ...indexEntry) error {
	for _, e := range entries {
		if err := putEntry(ctx, tx, putSQL, e); err != nil {
			return err
		}
	}
	return nil
}

func putEntry(ctx context.Context, db interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}, q string, e indexEntry) error {
	_, err := db.ExecContext(ctx, q, e.meetingID, e.externalID, e.subject, e.organizer, e.attendees, e.scope)
	return err
}

func (sqliteIndex) remove(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM meetings_fts WHERE rowid = $1`, meetingID)
	return err
}

func (sqliteIndex) merge(ctx context.Context, tx *sql.Tx, pages int) (done bool, err error) {
	const changes = `SELECT total_changes()`
	var before, after int64
	if err := tx.QueryRowContext(ctx, changes).Scan(&before); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('merge', $1)`, pages); err != nil {
		return false, err
	}
	err = tx.QueryRowContext(ctx, changes).Scan(&after)
	return after-before < 2, err // FTS5 reports fewer than two changes if there was nothing to merge
}

// mergeAll begins to merge all segments of the index into one, which removes all deleted
// words. The merge method completes the work.
func (sqliteIndex) mergeAll(ctx context.Context, tx *sql.Tx, pages int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('merge', $1)`, -pages)
	return err
}
