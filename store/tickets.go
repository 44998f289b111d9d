package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
	"meetdesk/store/compact"
	"meetdesk/store/listing"
)

// TicketExternalIDs returns the external IDs of the organizer's meetings that have the
// ticket key. It also returns those of the organizer's import rows that have the key and
// may still create a meeting. An organizerID of 0 means all organizers.
func (s *Store) TicketExternalIDs(ctx context.Context, organizerID int64, ticketKey string) (ids []string, err error) {
	const q = `SELECT external_id FROM meetings WHERE ticket_key = $1 AND (organizer_id = $2 OR $2 = 0)
		UNION ALL SELECT r.external_id FROM import_rows r JOIN imports i ON i.id = r.import_id WHERE r.ticket_key = $1 AND (i.user_id = $2 OR $2 = 0) AND ` + plannedRow
	rows, err := s.read.QueryContext(ctx, q, ticketKey, organizerID)
	if err != nil {
		return nil, fmt.Errorf("external IDs of %q: %w", ticketKey, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("external IDs of %q: %w", ticketKey, err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// TicketMeetings returns up to limit meetings for the external ID's ticket, however it is
// spelled. If own is true, it returns the organizer's live meetings and any unfinished ones
// that the actor began. Otherwise, it returns the live meetings of all other organizers,
// without subjects. Meetings with exactly the given external ID come first, then meetings
// that have not ended, soonest first, and then the others, latest first.
func (s *Store) TicketMeetings(ctx context.Context, externalID string, organizerID, actorID int64, own bool, limit int) (list []meeting.TicketMeeting, err error) {
	q := `SELECT ` + userColumns + `, m.id, m.external_id, CASE WHEN $3 THEN m.subject ELSE '' END, m.state, ` + listing.AskedAt + `, m.start_at, m.end_at, m.time_zone FROM meetings m` + joinOrganizer + `
		WHERE m.ticket_key = $1 AND $1 <> '' AND (m.organizer_id = $2) = $3 AND (m.state = 'live' OR $3 AND m.state = 'unfinished' AND m.maker_id = $7)
		ORDER BY m.external_id = $4 DESC, coalesce(m.end_at, $5) > $5 DESC, CASE WHEN coalesce(m.end_at, $5) > $5 THEN m.start_at ELSE -m.start_at END NULLS FIRST, m.id DESC
		LIMIT $6`
	rows, err := s.read.QueryContext(ctx, q, meeting.TicketKey(externalID), organizerID, own, externalID, s.now().UnixMilli(), limit, actorID)
	if err != nil {
		return nil, fmt.Errorf("meetings for %q: %w", externalID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			t          meeting.TicketMeeting
			start, end sql.NullInt64
		)
		if t.Organizer, err = scanUser(rows, &t.ID, &t.ExternalID, &t.Subject, &t.State, storedTime{&t.AskedAt}, &start, &end, &t.TimeZone); err != nil {
			return nil, fmt.Errorf("meetings for %q: %w", externalID, err)
		}
		t.Start, t.End = fromMillis(start), fromMillis(end)
		list = append(list, t)
	}
	return list, rows.Err()
}

// MineForTicket returns the ID of one of the user's meetings that the external ID may refer
// to, or 0 if there is none. It prefers live meetings, then meetings with exactly this
// external ID, and then newer meetings. It returns an unfinished or failed meeting only to
// the user who tried to create it.
func (s *Store) MineForTicket(ctx context.Context, userID int64, externalID string) (meetingID int64, err error) {
	const q = `SELECT m.id, m.external_id FROM meetings m JOIN meeting_people p ON p.meeting_id = m.id AND p.user_id = $1
		WHERE m.ticket_key = $2 AND $2 <> '' AND (m.state = 'live' OR m.state IN ('unfinished', 'failed') AND m.maker_id = $1)
		ORDER BY m.state = 'live' DESC, m.external_id = $3 DESC, m.id DESC`
	rows, err := s.read.QueryContext(ctx, q, userID, meeting.TicketKey(externalID), externalID)
	if err != nil {
		return 0, fmt.Errorf("own meeting for %q: %w", externalID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&meetingID, &id); err != nil {
			return 0, fmt.Errorf("own meeting for %q: %w", externalID, err)
		}
		if meeting.MayMean(externalID, id) {
			return meetingID, nil
		}
	}
	return 0, rows.Err()
}

// MeetingOf returns the organizer's current meeting with the given external ID, or a
// NotFound error. Graph identifies a meeting by its organizer and external ID.
func (s *Store) MeetingOf(ctx context.Context, organizerID int64, externalID string) (meeting.Meeting, error) {
	const q = `SELECT id FROM meetings WHERE organizer_id = $1 AND external_id = $2 AND state NOT IN ('removed', 'replaced')`
	return s.selectedMeeting(ctx, q, organizerID, externalID)
}

// MeetingByGraphID returns the organizer's meeting with the given Graph ID, or a NotFound
// error.
func (s *Store) MeetingByGraphID(ctx context.Context, organizerID int64, graphID string) (meeting.Meeting, error) {
	return s.selectedMeeting(ctx, `SELECT id FROM meetings WHERE organizer_id = $1 AND graph_id IN ($2, $3)`, organizerID, graphID, compact.ShortGraphID(graphID))
}

func (s *Store) selectedMeeting(ctx context.Context, q string, args ...any) (m meeting.Meeting, err error) {
	var id int64
	err = s.read.QueryRowContext(ctx, q, args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonMeetingUnknown, Err: err}
	}
	if err != nil {
		return m, fmt.Errorf("meeting: %w", err)
	}
	return s.Meeting(ctx, id)
}
