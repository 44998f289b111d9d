package store

import (
	"context"
	"fmt"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
)

// FindPeople returns up to limit people whose name, UPN or object ID contains the text,
// ignoring case and accents. It scans the users table, which is small.
func (s *Store) FindPeople(ctx context.Context, text string, limit int) (list []meeting.User, err error) {
	wanted := search.Plain(text)
	if wanted == "" {
		return nil, nil
	}
	rows, err := s.read.QueryContext(ctx, `SELECT `+userColumns+` FROM users u ORDER BY u.name, u.id`)
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	defer rows.Close()
	for rows.Next() && len(list) < limit {
		u, err := scanUser(rows)
		if err != nil {
			return nil, fmt.Errorf("find people: %w", err)
		}
		if strings.Contains(search.Plain(u.Name+"\n"+u.UPN+"\n"+u.ObjectID), wanted) {
			list = append(list, u)
		}
	}
	return list, rows.Err()
}

// TicketMeetingIDs returns the IDs of up to limit meetings for the ticket, newest first.
func (s *Store) TicketMeetingIDs(ctx context.Context, ticket string, limit int) (ids []int64, err error) {
	const q = `SELECT id FROM meetings WHERE ticket_key = $1 AND $1 <> '' ORDER BY id DESC LIMIT $2`
	rows, err := s.read.QueryContext(ctx, q, meeting.TicketKey(ticket), limit)
	if err != nil {
		return nil, fmt.Errorf("meetings of a ticket: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("meetings of a ticket: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
