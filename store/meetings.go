package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store/compact"
	"meetdesk/store/listing"
)

// meetingColumns lists the columns that scanMeeting reads. In the SELECT statement, m must
// be the meeting and u its organizer.
var meetingColumns = deskFields(new(meeting.Meeting)).of("m") + ", " + graphFields(new(meeting.Details)).of("m") + ", " + listing.AskedAt + ", " + userColumns

// deskFields returns the columns of a meeting that are not set from Graph's replies.
func deskFields(m *meeting.Meeting) columns {
	return columns{
		{"id", &m.ID},
		{"external_id", textOrNull[string]{&m.ExternalID}},
		{"state", &m.State},
		{"origin", textOrNull[meeting.Origin]{&m.Origin}},
		{"time_zone", &m.TimeZone},
		{"version", &m.Version},
		{"created_at", storedTime{&m.CreatedAt}},
		{"updated_at", storedTime{&m.UpdatedAt}},
		{"maker_id", &m.Maker.ID},
	}
}

// graphFields returns the columns that are set from Graph's replies. Links, Graph's ID and
// some options are stored in short form; see package compact.
func graphFields(d *meeting.Details) columns {
	return columns{
		{"graph_id", textOrNull[string]{&d.GraphID}},
		{"subject", &d.Subject},
		{"start_at", storedTime{&d.Start}},
		{"end_at", storedTime{&d.End}},
		{"join_url", &d.JoinURL},
		{"join_meeting_id", &d.JoinMeetingID},
		{"passcode", &d.Passcode},
		{"conference_id", &d.ConferenceID},
		{"toll_number", &d.TollNumber},
		{"toll_free_number", &d.TollFreeNumber},
		{"more_tolls", storedLines{&d.MoreTolls}},
		{"more_toll_frees", storedLines{&d.MoreTollFrees}},
		{"dial_in_url", &d.DialInURL},
		{"thread_id", &d.ThreadID},
		{"video_id", &d.VideoID},
		{"options_url", &d.OptionsURL},
		{"allowed_presenters", &d.Options.Presenters},
		{"lobby_scope", &d.Options.Lobby},
		{"announce", &d.Options.Announce},
		{"record", &d.Options.Record},
		{"graph_created_at", storedTime{&d.GraphCreated}},
		{"expires_at", storedTime{&d.Expires}},
	}
}

const joinOrganizer = ` JOIN users u ON u.id = m.organizer_id `

func scanMeeting(row scanner) (m meeting.Meeting, err error) {
	err = row.Scan(values(deskFields(&m), graphFields(&m.Details), columns{{"", storedTime{&m.AskedAt}}}, userFields(&m.Organizer))...)
	compact.Lengthen(m.Organizer, &m.Details)
	return m, err
}

// Meeting returns the meeting with the given ID, including its maker and its attendees, or
// a NotFound error.
func (s *Store) Meeting(ctx context.Context, id int64) (meeting.Meeting, error) {
	q := `SELECT ` + meetingColumns + ` FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	m, err := scanMeeting(s.read.QueryRowContext(ctx, q, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonMeetingUnknown, Args: meeting.Args{"ID": id}, Err: err}
	}
	if err != nil {
		return m, fmt.Errorf("meeting %d: %w", id, err)
	}
	if m.Maker.ID == m.Organizer.ID {
		m.Maker = m.Organizer
	} else if m.Maker, err = s.User(ctx, m.Maker.ID); err != nil {
		return m, fmt.Errorf("meeting %d: maker: %w", id, err)
	}
	m.Attendees, err = attendeesOf(ctx, s.read, id)
	return m, err
}

func attendeesOf(ctx context.Context, on querier, meetingID int64) (list []meeting.Attendee, err error) {
	const q = `SELECT upn, object_id, name, role, identity FROM attendees WHERE meeting_id = $1 ORDER BY position`
	rows, err := on.QueryContext(ctx, q, meetingID)
	if err != nil {
		return nil, fmt.Errorf("attendees of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var a meeting.Attendee
		if err := rows.Scan(&a.UPN, storedGUID{&a.ObjectID}, &a.Name, &a.Role, &a.Identity); err != nil {
			return nil, fmt.Errorf("attendees of meeting %d: %w", meetingID, err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// longMeeting is 48 hours in milliseconds. The few meetings that last longer have an index
// of their own, so that an index on starts can find the others that have not ended.
const longMeeting = `172800000`

// Upcoming returns live meetings that have not ended, sorted by end time, up to the given
// limit. It includes the meetings that the person organizes or made and those handed over
// to the person.
//
// The meeting_people_start index is sorted by start. The query first reads as many live
// meetings from it as fit into the list. It can then ignore meetings that start after all of
// these have ended.
func (s *Store) Upcoming(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	people := func(index, condition string) string {
		return `SELECT meeting_id, start_at, end_at FROM meeting_people` + s.engine.useIndex(index) + ` WHERE user_id = $1 AND end_at >= $2 AND ` + condition
	}
	short := people("meeting_people_start", `start_at >= $2 - `+longMeeting+` AND end_at - start_at <= `+longMeeting)
	lastStart := `(SELECT max(end_at) FROM (SELECT p.end_at FROM (` + short + `) AS p JOIN meetings o ON o.id = p.meeting_id WHERE o.state = 'live' ORDER BY p.start_at LIMIT $3) AS first)`
	q := `SELECT ` + meetingColumns + ` FROM (
			SELECT id FROM (SELECT id FROM meetings WHERE organizer_id = $1 AND state = 'live' AND end_at >= $2 ORDER BY end_at LIMIT $3) AS own
			UNION ALL SELECT id FROM (SELECT o.id FROM (
				` + short + ` AND start_at <= ` + lastStart + `
				UNION ALL ` + people("meeting_people_long", `end_at - start_at > `+longMeeting) + `) AS open
				JOIN meetings o ON o.id = open.meeting_id WHERE o.state = 'live' ORDER BY open.end_at LIMIT $3) AS others
		) AS upcoming JOIN meetings m ON m.id = upcoming.id` + joinOrganizer + ` ORDER BY m.end_at LIMIT $3`
	return s.meetings(ctx, q, userID, s.now().UnixMilli(), limit)
}

// Unfinished returns the meetings for which the person has an unfinished attempt, newest
// first, up to the given limit. Attempts that are running or superseded do not count.
func (s *Store) Unfinished(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	return s.meetings(ctx, unfinishedMeetings, userID, limit, s.now().UnixMilli(), meeting.LongestRun.Milliseconds())
}

// Failed returns the meetings for which the person has a failed attempt, newest first, up
// to the given limit. Superseded attempts do not count, nor do attempts that an import will
// repeat.
func (s *Store) Failed(ctx context.Context, userID int64, limit int) ([]meeting.Meeting, error) {
	return s.meetings(ctx, failedMeetings, userID, limit)
}

var (
	unfinishedMeetings = withAttempts(`a.state = 'unfinished'`, `a.state = 'pending' AND abs($3 - a.updated_at) >= $4`)
	failedMeetings     = withAttempts(`a.state = 'failed' AND NOT EXISTS (SELECT 1 FROM import_rows r WHERE r.meeting_id = a.meeting_id AND r.state IN ('waiting', 'running'))`)
)

// withAttempts returns a query for the meetings with attempts that meet one of the
// conditions and are not superseded. $1 is the ID of the person who made the attempts, and
// $2 is the maximum number of meetings.
//
// For each condition, the query reads only the newest attempts, in index order, because a
// person may have thousands of open attempts. The limit is a multiple of $2, because each
// concern of a meeting may have an attempt that is not superseded. The meetings are joined
// after sorting, because sorting complete rows takes longer than reading them.
func withAttempts(conditions ...string) string {
	var newest []string
	for _, condition := range conditions {
		newest = append(newest, `SELECT * FROM (SELECT a.meeting_id, a.id FROM attempts a JOIN meetings m ON m.id = a.meeting_id
			WHERE a.actor_id = $1 AND a.state IN ('pending', 'unfinished', 'failed') AND m.state NOT IN ('removed', 'replaced')
			AND EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = $1 AND p.meeting_id = m.id)
			AND NOT EXISTS (SELECT 1 FROM attempts n WHERE `+nSupersedesA+`) AND `+condition+`
			ORDER BY a.id DESC LIMIT `+strconv.Itoa(concerns)+` * $2) q`)
	}
	return `SELECT ` + meetingColumns + ` FROM (
		SELECT meeting_id, max(id) AS newest FROM (` + strings.Join(newest, ` UNION ALL `) + `) q GROUP BY meeting_id ORDER BY max(id) DESC LIMIT $2) o
		JOIN meetings m ON m.id = o.meeting_id` + joinOrganizer + ` ORDER BY o.newest DESC`
}

// concerns is the number of values of meeting.Concern.
var concerns = 2 + len(meeting.AllOptions())

const (
	// nSupersedesA is an SQL condition that is true if repeating the attempt a after the
	// newer attempt n would be pointless; see meeting.Concern.
	nSupersedesA = `n.meeting_id = a.meeting_id AND n.id > a.id AND (n.concern = a.concern OR a.concern = 'look')`
)

// meetings runs a query that selects meetingColumns. It returns the meetings without
// their attendees.
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
