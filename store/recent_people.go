package store

import (
	"context"
	"fmt"
	"strings"

	"meetdesk/meeting"
)

const (
	recentMeetings  = 200
	recentAttendees = 500
)

const recentPeople = `SELECT a.upn, a.name FROM (
			SELECT meeting_id FROM meeting_people WHERE user_id = $1 ORDER BY meeting_id DESC LIMIT $2
		) p CROSS JOIN meetings m CROSS JOIN attendees a
		WHERE m.id = p.meeting_id AND a.meeting_id = m.id AND (m.organizer_id = $1 OR m.maker_id = $1 AND coalesce(m.origin, 'created') = 'created') AND a.upn <> ''
		ORDER BY p.meeting_id DESC, a.position LIMIT $3`

// RecentPeople returns the attendees of the newest meetings that the person organizes or
// created, newest meeting first. It omits attendees without an address and returns each
// address only once. The attendees have no roles.
func (s *Store) RecentPeople(ctx context.Context, userID int64) (list []meeting.Attendee, err error) {
	rows, err := s.read.QueryContext(ctx, recentPeople, userID, recentMeetings, recentAttendees)
	if err != nil {
		return nil, fmt.Errorf("recent people of user %d: %w", userID, err)
	}
	defer rows.Close()
	seen := make(map[string]bool)
	for rows.Next() {
		var a meeting.Attendee
		if err := rows.Scan(&a.UPN, &a.Name); err != nil {
			return nil, fmt.Errorf("recent people of user %d: %w", userID, err)
		}
		if key := strings.ToLower(a.UPN); !seen[key] {
			seen[key] = true
			list = append(list, a)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("recent people of user %d: %w", userID, err)
	}
	return list, nil
}
