package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// LastReply returns the ID of Graph's newest reply about the meeting, 0 when
// there is none.
func (s *Store) LastReply(ctx context.Context, meetingID int64) (id int64, err error) {
	const q = `SELECT coalesce(max(id), 0) FROM replies WHERE meeting_id = $1`
	if err := s.read.QueryRowContext(ctx, q, meetingID).Scan(&id); err != nil {
		return 0, fmt.Errorf("last reply of meeting %d: %w", meetingID, err)
	}
	return id, nil
}

// Reply returns Graph's reply with that ID.
func (s *Store) Reply(ctx context.Context, id int64) (meeting.Kept, error) {
	const q = `SELECT attempt_id, at, body FROM replies WHERE id = $1`
	one, err := scanKept(s.read.QueryRowContext(ctx, q, id))
	if err != nil {
		return one, fmt.Errorf("reply %d: %w", id, err)
	}
	return one, nil
}

func scanKept(row interface{ Scan(...any) error }) (one meeting.Kept, err error) {
	var (
		body string
		at   sql.NullInt64
	)
	err = row.Scan(&one.AttemptID, &at, &body)
	one.At, one.Raw = fromMillis(at), []byte(body)
	return one, err
}

// Replies returns Graph's last replies about the meeting as they came, the
// newest first and at most so many: ID of the attempt, when, and the document.
func (s *Store) Replies(ctx context.Context, meetingID int64, limit int) (list []meeting.Kept, err error) {
	const q = `SELECT attempt_id, at, body FROM replies WHERE meeting_id = $1 ORDER BY id DESC LIMIT $2`
	rows, err := s.read.QueryContext(ctx, q, meetingID, limit)
	if err != nil {
		return nil, fmt.Errorf("replies of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scanKept(rows)
		if err != nil {
			return nil, fmt.Errorf("replies of meeting %d: %w", meetingID, err)
		}
		list = append(list, one)
	}
	return list, rows.Err()
}
