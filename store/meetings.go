package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

const meetingColumns = `m.id, m.external_id, m.graph_id, m.state, m.origin, m.subject, m.start_at, m.end_at, m.time_zone,
	m.join_url, m.join_meeting_id, m.passcode, m.conference_id, m.toll_number, m.toll_free_number, m.dial_in_url,
	m.thread_id, m.video_id, m.options_url, m.allowed_presenters, m.lobby_scope, m.announce, m.record, m.graph_created_at, m.expires_at,
	m.version, m.created_at, m.updated_at, m.maker_id, ` + userColumns

// joinOrganizer joins the organizers u to the meetings m; a blank is on either side.
const joinOrganizer = ` JOIN users u ON u.id = m.organizer_id `

func scanMeeting(row interface{ Scan(...any) error }) (m meeting.Meeting, err error) {
	var (
		externalID, graphID, origin                         sql.NullString
		role                                                string
		start, end, graphCreated, expires, created, updated sql.NullInt64
	)
	o := &m.Organizer
	err = row.Scan(&m.ID, &externalID, &graphID, &m.State, &origin, &m.Subject, &start, &end, &m.TimeZone,
		&m.JoinURL, &m.JoinMeetingID, &m.Passcode, &m.ConferenceID, &m.TollNumber, &m.TollFreeNumber, &m.DialInURL,
		&m.ThreadID, &m.VideoID, &m.OptionsURL, &m.Options.Presenters, &m.Options.Lobby, &m.Options.Announce, &m.Options.Record, &graphCreated, &expires,
		&m.Version, &created, &updated, &m.Maker.ID,
		&o.ID, &o.TenantID, &o.ObjectID, &o.UPN, &o.Name, &role, &o.TimeZone, &o.Minutes, &o.Language, &o.Theme)
	if err != nil {
		return m, err
	}
	m.ExternalID, m.GraphID, m.Origin = externalID.String, graphID.String, meeting.Origin(origin.String)
	m.Start, m.End = fromMillis(start), fromMillis(end)
	m.GraphCreated, m.Expires = fromMillis(graphCreated), fromMillis(expires)
	m.CreatedAt, m.UpdatedAt = fromMillis(created), fromMillis(updated)
	o.Role = meeting.ParseRole(role)
	return m, nil
}

// Meeting returns the meeting with that ID, its people included, or a NotFound error.
func (s *Store) Meeting(ctx context.Context, id int64) (meeting.Meeting, error) {
	const q = `SELECT ` + meetingColumns + ` FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	m, err := scanMeeting(s.read.QueryRowContext(ctx, q, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, &meeting.Error{Code: meeting.NotFound, Key: "meeting.unknown", Args: meeting.Args{"ID": id}, Err: err}
	}
	if err != nil {
		return m, fmt.Errorf("meeting %d: %w", id, err)
	}
	if m.Maker.ID == m.Organizer.ID {
		m.Maker = m.Organizer
	} else if m.Maker, err = s.User(ctx, m.Maker.ID); err != nil {
		return m, fmt.Errorf("meeting %d: maker: %w", id, err)
	}
	m.Attendees, err = s.attendees(ctx, id)
	return m, err
}

func (s *Store) attendees(ctx context.Context, meetingID int64) (list []meeting.Attendee, err error) {
	const q = `SELECT upn, object_id, name, role, identity FROM attendees WHERE meeting_id = $1 ORDER BY position`
	rows, err := s.read.QueryContext(ctx, q, meetingID)
	if err != nil {
		return nil, fmt.Errorf("attendees of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var a meeting.Attendee
		if err := rows.Scan(&a.UPN, &a.ObjectID, &a.Name, &a.Role, &a.Identity); err != nil {
			return nil, fmt.Errorf("attendees of meeting %d: %w", meetingID, err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// Upcoming returns the person's live meetings that have not ended, the next
// first: those they organize, made for somebody, or chose to use.
func (s *Store) Upcoming(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	const q = `SELECT ` + meetingColumns + ` FROM meetings m` + joinOrganizer + `
		WHERE m.id IN (
			SELECT id FROM meetings WHERE organizer_id = $1 AND state = 'live' AND end_at >= $2
			UNION ALL SELECT meeting_id FROM meeting_people INDEXED BY meeting_people_others WHERE user_id = $1 AND relation <> 'organizer')
		AND m.state = 'live' AND m.end_at >= $2 ORDER BY m.end_at LIMIT $3`
	return s.meetings(ctx, q, userID, s.now().UnixMilli(), limit)
}

// Unfinished returns the meetings about which an attempt of the person's own
// waits for an answer, and no newer one took its place; the newest first.
func (s *Store) Unfinished(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	return s.meetings(ctx, lastTried+`AND a.state <> 'failed'`+onceEach, userID, limit)
}

// Failed returns the meetings about which an attempt of the person's own was
// refused, and no newer one took its place; the newest first.
func (s *Store) Failed(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	return s.meetings(ctx, lastTried+`AND a.state = 'failed'`+onceEach, userID, limit)
}

const (
	lastTried = `SELECT ` + meetingColumns + ` FROM attempts a JOIN meetings m ON m.id = a.meeting_id` + joinOrganizer + `
		WHERE a.actor_id = $1 AND a.state IN ('pending', 'unfinished', 'failed') AND m.state NOT IN ('removed', 'replaced')
		AND EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = $1 AND p.meeting_id = m.id)
		AND NOT EXISTS (SELECT 1 FROM attempts n WHERE ` + tookItsPlace + `) `
	onceEach = ` GROUP BY m.id ORDER BY max(a.id) DESC LIMIT $2`

	// tookItsPlace is true of an attempt n that is newer than the attempt a and
	// leaves nothing of it to be done; see meeting.Concern.
	tookItsPlace = `n.meeting_id = a.meeting_id AND n.id > a.id AND (n.concern = a.concern OR a.concern = 'look')`
)

// meetings runs a query for rows of meetingColumns, without their attendees.
func (s *Store) meetings(ctx context.Context, q string, args ...any) (list []meeting.Meeting, err error) {
	rows, err := s.read.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("meetings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMeeting(rows)
		if err != nil {
			return nil, fmt.Errorf("meetings: %w", err)
		}
		list = append(list, m)
	}
	return list, rows.Err()
}
