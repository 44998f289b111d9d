package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// peopleOf is the query for People. Each row contains a person, the list to which they
// belong, when their access began or ended, and who granted or ended it. The unary plus makes
// SQLite find the replaced meeting by ticket rather than by organizer.
var peopleOf = `SELECT ` + userColumns + `, 'now', p.created_at AS at, coalesce(g.id, 0), coalesce(g.name, ''), coalesce(g.upn, '') FROM meeting_people p
		JOIN users u ON u.id = p.user_id LEFT JOIN users g ON g.id = p.given_by
		WHERE p.relation = 'handed over' AND p.meeting_id = $1
	UNION ALL SELECT ` + userColumns + `, 'ended', x.ended_at, e.id, e.name, e.upn FROM ended_access x
		JOIN users u ON u.id = x.user_id JOIN users e ON e.id = x.ended_by WHERE x.meeting_id = $1
	UNION ALL SELECT ` + userColumns + `, 'earlier', p.created_at, coalesce(g.id, 0), coalesce(g.name, ''), coalesce(g.upn, '') FROM meeting_people p
		JOIN users u ON u.id = p.user_id LEFT JOIN users g ON g.id = p.given_by
		WHERE p.relation = 'handed over' AND p.meeting_id = (
			SELECT max(o.id) FROM meetings m JOIN meetings o ON o.ticket_key = m.ticket_key AND +o.organizer_id = m.organizer_id AND o.external_id = m.external_id AND o.state = 'replaced' AND o.id <> m.id
			WHERE m.id = $1 AND m.state <> 'replaced')
		AND NOT EXISTS (SELECT 1 FROM meeting_people n WHERE n.meeting_id = $1 AND n.user_id = p.user_id)
		AND NOT EXISTS (SELECT 1 FROM ended_access x WHERE x.meeting_id = $1 AND x.user_id = p.user_id)
	ORDER BY at, 1`

// People returns the people to whom the meeting was handed over, those whose access has
// ended, and those who only have access to the meeting that this one replaced.
func (s *Store) People(ctx context.Context, meetingID int64) (p meeting.People, err error) {
	rows, err := s.read.QueryContext(ctx, peopleOf, meetingID)
	if err != nil {
		return p, fmt.Errorf("people of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			h    meeting.HandedOver
			part string
			at   sql.NullInt64
			by   meeting.User
		)
		if h.Person, err = scanUser(rows, &part, &at, &by.ID, &by.Name, &by.UPN); err != nil {
			return p, fmt.Errorf("people of meeting %d: %w", meetingID, err)
		}
		h.Since, h.By = fromMillis(at), by
		switch part {
		case "now":
			p.Now = append(p.Now, h)
		case "earlier":
			p.Earlier = append(p.Earlier, h)
		case "ended":
			p.Ended = append(p.Ended, meeting.HandedOver{Person: h.Person, Ended: h.Since, EndedBy: by})
		}
	}
	return p, rows.Err()
}
