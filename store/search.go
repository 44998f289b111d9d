package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"meetdesk/meeting"
)

// personToken is how the index names somebody who may see a row.
func personToken(userID int64) string { return fmt.Sprintf("user%d", userID) }

// index sets the meeting's row in the full-text index, in the transaction that
// changed the meeting.
func index(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	m, err := scanMeeting(tx.QueryRowContext(ctx, `SELECT `+meetingColumns+` FROM meetings m`+joinOrganizer+`WHERE m.id = $1`, meetingID))
	if err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	attendees, err := concat(ctx, tx, `SELECT coalesce(group_concat(name || ' ' || upn, ' '), '') FROM attendees WHERE meeting_id = $1`, meetingID)
	if err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	people, err := concat(ctx, tx, `SELECT coalesce(group_concat('user' || user_id, ' '), '') FROM meeting_people WHERE meeting_id = $1`, meetingID)
	if err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	const q = `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, identifiers, people)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err = tx.ExecContext(ctx, q, m.ID,
		m.ExternalID+" "+meeting.TicketKey(m.ExternalID), m.Subject,
		m.Organizer.Name+" "+m.Organizer.UPN, attendees,
		strings.Join([]string{m.JoinMeetingID, m.ConferenceID}, " "), people)
	if err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return nil
}

func concat(ctx context.Context, tx *sql.Tx, q string, meetingID int64) (text string, err error) {
	err = tx.QueryRowContext(ctx, q, meetingID).Scan(&text)
	return text, err
}
