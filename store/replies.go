package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// LastReply returns the ID of Graph's newest reply about the meeting, or 0 if there is
// none.
func (s *Store) LastReply(ctx context.Context, meetingID int64) (id int64, err error) {
	const q = `SELECT coalesce(max(id), 0) FROM replies WHERE meeting_id = $1`
	if err := s.read.QueryRowContext(ctx, q, meetingID).Scan(&id); err != nil {
		return 0, fmt.Errorf("last reply of meeting %d: %w", meetingID, err)
	}
	return id, nil
}

// Reply returns Graph's reply with the given ID.
func (s *Store) Reply(ctx context.Context, id int64) (meeting.StoredReply, error) {
	const q = selectReplies + `WHERE r.id = $1`
	reply, err := s.scanKept(s.read.QueryRowContext(ctx, q, id))
	if err != nil {
		return reply, fmt.Errorf("reply %d: %w", id, err)
	}
	return reply, nil
}

const selectReplies = `SELECT r.attempt_id, r.at, r.body, r.packed, a.asked, a.asked_packed FROM replies r JOIN attempts a ON a.id = r.attempt_id `

func (s *Store) scanKept(row scanner) (reply meeting.StoredReply, err error) {
	var (
		body, text          string
		packed, packedAsked []byte // NULL if the text is not compressed, as in older rows
		at                  sql.NullInt64
	)
	if err := row.Scan(&reply.AttemptID, &at, &body, &packed, &text, &packedAsked); err != nil {
		return reply, err
	}
	reply.At, reply.Raw = fromMillis(at), []byte(body)
	if packed == nil {
		return reply, nil
	}
	asked, err := askedText(text, packedAsked)
	if err != nil {
		return reply, err
	}
	reply.Raw, err = s.packer.Unpack(packed, asked)
	return reply, err
}

// Replies returns Graph's replies about the meeting, newest first, up to the given limit.
func (s *Store) Replies(ctx context.Context, meetingID int64, limit int) (list []meeting.StoredReply, err error) {
	const q = selectReplies + `WHERE r.meeting_id = $1 ORDER BY r.id DESC LIMIT $2`
	rows, err := s.read.QueryContext(ctx, q, meetingID, limit)
	if err != nil {
		return nil, fmt.Errorf("replies of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		reply, err := s.scanKept(rows)
		if err != nil {
			return nil, fmt.Errorf("replies of meeting %d: %w", meetingID, err)
		}
		list = append(list, reply)
	}
	return list, rows.Err()
}
