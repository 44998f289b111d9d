package store

import (
	"context"
	"database/sql"
	"fmt"
)

// index sets the meeting's row in the full-text index, in the transaction that
// changed the meeting.
func index(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	return indexRange(ctx, tx, meetingID, meetingID)
}

// indexed is what the full-text index knows of the meetings m of the organizers u.
const indexed = `coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, ''), m.subject, u.name || ' ' || u.upn,
	coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), ''),
	coalesce((SELECT group_concat('u' || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)`

// indexRange is index for all meetings from the first ID to the last.
func indexRange(ctx context.Context, tx *sql.Tx, first, last int64) error {
	const q = `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
		SELECT m.id, ` + indexed + ` FROM meetings m` + joinOrganizer + `WHERE m.id BETWEEN $1 AND $2`
	if _, err := tx.ExecContext(ctx, q, first, last); err != nil {
		return fmt.Errorf("index meetings %d to %d: %w", first, last, err)
	}
	return nil
}

// indexedText returns what the index is to know of the meeting. Comparing it is
// cheaper than setting the row again where a change was about something else.
func indexedText(ctx context.Context, tx *sql.Tx, meetingID int64) (text string, err error) {
	const q = `SELECT concat_ws(char(10), ` + indexed + `) FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	if err := tx.QueryRowContext(ctx, q, meetingID).Scan(&text); err != nil {
		return "", fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return text, nil
}
