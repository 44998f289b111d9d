package listing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// The columns of the full-text index, selected from the meetings m and their organizers
// u. The column scope has a token for each person who may see the meeting: the letter u
// followed by the person's ID, or the letter k followed by the ID if the meeting was
// handed over to the person. It also has a token for the meeting's era: the letter e
// followed by the number of the era.
const indexColumns = `search_fold(coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '')), search_words(m.subject), search_words(u.name || ' ' || u.upn),
	search_words(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
	coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)`

const reindex = `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
	SELECT m.id, ` + indexColumns + ` FROM meetings m` + joinOrganizer

// NewIndex replaces the full-text index of a database without meetings by one with its
// columns in another order, which takes less space: an entry for any column but the first
// names its column. Most words are in the attendees. A database that has meetings keeps
// its index, because filling a new one could take hours. All statements name the columns.
func NewIndex(ctx context.Context, tx *sql.Tx) error {
	const (
		isOld = `SELECT NOT EXISTS (SELECT 1 FROM meetings) AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meetings_fts' AND sql LIKE '%(%attendees, subject, organizer, external_id, scope,%')`
		order = `CREATE VIRTUAL TABLE meetings_fts USING fts5 (
	attendees, subject, organizer, external_id, scope,
	content = '', contentless_delete = 1,
	tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7 8 9 10 11 12 13 14 15 16'
)`
		usermerge = `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('usermerge', 2)` // as in the migration 0007_upkeep.sql
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

// Index adds the meeting to the full-text index, or updates it there. Call Index in the
// transaction that changes the meeting.
func Index(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	if _, err := tx.ExecContext(ctx, reindex+`WHERE m.id = $1`, meetingID); err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return nil
}

// IndexChunk reindexes the organizer's meetings whose IDs are lower than before: the
// newest of them, up to the limit. If organizerID is 0, it reindexes everybody's
// meetings. It also recomputes the ticket keys of these meetings. It returns the ID below
// which meetings may be left, or 0 if none are left.
func IndexChunk(ctx context.Context, tx *sql.Tx, organizerID, before int64, limit int) (left int64, err error) {
	const (
		ofEverybody = `SELECT id FROM meetings WHERE $1 = 0 AND id < $2 ORDER BY id DESC LIMIT $3`
		ofOrganizer = `SELECT meeting_id FROM meeting_people WHERE user_id = $1 AND relation = 'organizer' AND meeting_id < $2 ORDER BY meeting_id DESC LIMIT $3`
		keys        = `UPDATE meetings SET ticket_key = nullif(ticket_key(external_id), '') WHERE external_id IS NOT NULL AND ticket_key IS NOT ticket_key(external_id) AND id IN (`
	)
	chunk := ofOrganizer
	if organizerID == 0 {
		chunk = ofEverybody
	}
	var count int
	find := `SELECT count(*), coalesce(min(id), 0) FROM (` + strings.Replace(chunk, "meeting_id FROM", "meeting_id AS id FROM", 1) + `)`
	if err := tx.QueryRowContext(ctx, find, organizerID, before, limit).Scan(&count, &left); err != nil || count == 0 {
		return 0, err
	}
	for _, q := range []string{keys + chunk + `)`, reindex + `WHERE m.id IN (` + chunk + `)`} {
		if _, err := tx.ExecContext(ctx, q, organizerID, before, limit); err != nil {
			return 0, fmt.Errorf("index meetings below %d: %w", before, err)
		}
	}
	if count < limit {
		return 0, nil
	}
	return left, nil
}

// Unindex removes the meeting from the full-text index.
func Unindex(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM meetings_fts WHERE rowid = $1`, meetingID)
	return err
}

// IndexText returns the text that the full-text index should have for the meeting.
// Callers compare it before and after a change, because that is faster than updating an
// index that is already correct.
func IndexText(ctx context.Context, tx *sql.Tx, meetingID int64) (text string, err error) {
	const q = `SELECT concat_ws(char(10), ` + indexColumns + `) FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	if err := tx.QueryRowContext(ctx, q, meetingID).Scan(&text); err != nil {
		return "", fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return text, nil
}

// MergeIndex merges about the given number of pages in the full-text index. done is true
// if nothing is left to merge.
func MergeIndex(ctx context.Context, tx *sql.Tx, pages int) (done bool, err error) {
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

// MergeAll begins to merge all segments of the full-text index into one, so that deleted
// words leave it. Calls of MergeIndex continue that.
func MergeAll(ctx context.Context, tx *sql.Tx, pages int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('merge', $1)`, -pages)
	return err
}
