package store

import (
	"context"
	"database/sql"
	"fmt"
)

// personToken is how the index names somebody who may see a row.
func personToken(userID int64) string { return fmt.Sprintf("user%d", userID) }

// index sets the meeting's row in the full-text index, in the transaction that
// changed the meeting.
func index(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	return indexRange(ctx, tx, meetingID, meetingID)
}

// indexRange is index for all meetings from the first ID to the last.
func indexRange(ctx context.Context, tx *sql.Tx, first, last int64) error {
	const q = `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, identifiers, people)
		SELECT m.id, coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, ''), m.subject, u.name || ' ' || u.upn,
			coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), ''),
			m.join_meeting_id || ' ' || m.conference_id,
			coalesce((SELECT group_concat('user' || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '')
		FROM meetings m` + joinOrganizer + `WHERE m.id BETWEEN $1 AND $2`
	if _, err := tx.ExecContext(ctx, q, first, last); err != nil {
		return fmt.Errorf("index meetings %d to %d: %w", first, last, err)
	}
	return nil
}
