package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// These are the queries for People. Each row contains a person, when their access began
// and who granted it, and when it ended and who ended it. The unary plus makes SQLite find
// the replaced meeting by ticket rather than by organizer.
var (
	handedOver = `SELECT ` + userColumns + `, p.created_at, coalesce(g.id, 0), coalesce(g.name, ''), coalesce(g.upn, ''), NULL, 0, '', '' FROM meeting_people p
		JOIN users u ON u.id = p.user_id LEFT JOIN users g ON g.id = p.given_by
		WHERE p.relation = 'handed over' AND p.meeting_id = `
	peopleNow   = handedOver + `$1 ORDER BY p.created_at, u.id`
	peopleEnded = `SELECT ` + userColumns + `, NULL, 0, '', '', x.ended_at, e.id, e.name, e.upn FROM ended_access x
		JOIN users u ON u.id = x.user_id JOIN users e ON e.id = x.ended_by WHERE x.meeting_id = $1 ORDER BY x.ended_at, u.id`
	peopleEarlier = handedOver + `(
			SELECT max(o.id) FROM meetings m JOIN meetings o ON o.ticket_key = m.ticket_key AND +o.organizer_id = m.organizer_id AND o.external_id = m.external_id AND o.state = 'replaced' AND o.id <> m.id
			WHERE m.id = $1 AND m.state <> 'replaced')
		AND NOT EXISTS (SELECT 1 FROM meeting_people n WHERE n.meeting_id = $1 AND n.user_id = p.user_id)
		AND NOT EXISTS (SELECT 1 FROM ended_access x WHERE x.meeting_id = $1 AND x.user_id = p.user_id)
		ORDER BY p.created_at, u.id`
)

// People returns the people to whom the meeting was handed over, those whose access has
// ended, and those who only have access to the meeting that this one replaced.
func (s *Store) People(ctx context.Context, meetingID int64) (p meeting.People, err error) {
	for _, part := range []struct {
		query string
		into  *[]meeting.HandedOver
	}{{peopleNow, &p.Now}, {peopleEnded, &p.Ended}, {peopleEarlier, &p.Earlier}} {
		if *part.into, err = s.handedOver(ctx, part.query, meetingID); err != nil {
			return p, fmt.Errorf("people of meeting %d: %w", meetingID, err)
		}
	}
	return p, nil
}

func (s *Store) handedOver(ctx context.Context, query string, meetingID int64) (list []meeting.HandedOver, err error) {
	rows, err := s.read.QueryContext(ctx, query, meetingID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			h            meeting.HandedOver
			since, ended sql.NullInt64
		)
		if h.Person, err = scanUser(rows, &since, &h.By.ID, &h.By.Name, &h.By.UPN, &ended, &h.EndedBy.ID, &h.EndedBy.Name, &h.EndedBy.UPN); err != nil {
			return nil, err
		}
		h.Since, h.Ended = fromMillis(since), fromMillis(ended)
		list = append(list, h)
	}
	return list, rows.Err()
}
