package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

const attemptColumns = `a.id, a.meeting_id, a.mode, a.kind, a.asked, a.state, a.outcome, a.reason, a.accepted, a.base_reply_id, a.created_at, a.updated_at, ` + userColumns

func scanAttempt(row interface{ Scan(...any) error }) (a meeting.Attempt, err error) {
	var (
		asked, role      string
		base             sql.NullInt64
		created, updated sql.NullInt64
	)
	u := &a.Actor
	err = row.Scan(&a.ID, &a.MeetingID, &a.Mode, &a.Kind, &asked, &a.State, &a.Outcome, &a.Reason, &a.Accepted, &base, &created, &updated,
		&u.ID, &u.TenantID, &u.ObjectID, &u.UPN, &u.Name, &role, &u.TimeZone, &u.Minutes, &u.Language, &u.Theme)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(asked), &a.Asked); err != nil {
		return a, fmt.Errorf("asked of attempt %d: %w", a.ID, err)
	}
	a.BaseReply, u.Role = base.Int64, meeting.ParseRole(role)
	a.CreatedAt, a.UpdatedAt = fromMillis(created), fromMillis(updated)
	return a, nil
}

// Attempt returns the attempt with that ID, its calls included, or a NotFound error.
func (s *Store) Attempt(ctx context.Context, id int64) (meeting.Attempt, error) {
	const q = `SELECT ` + attemptColumns + ` FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.id = $1`
	a, err := scanAttempt(s.read.QueryRowContext(ctx, q, id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, &meeting.Error{Code: meeting.NotFound, Key: "attempt.unknown", Err: err}
	}
	if err != nil {
		return a, fmt.Errorf("attempt %d: %w", id, err)
	}
	byAttempt, err := s.calls(ctx, a.MeetingID)
	a.Calls = byAttempt[id]
	return a, err
}

// Attempts returns the meeting's attempts with their calls, the newest first.
func (s *Store) Attempts(ctx context.Context, meetingID int64) (list []meeting.Attempt, err error) {
	const q = `SELECT ` + attemptColumns + ` FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.meeting_id = $1 ORDER BY a.id DESC`
	rows, err := s.read.QueryContext(ctx, q, meetingID)
	if err != nil {
		return nil, fmt.Errorf("attempts of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAttempt(rows)
		if err != nil {
			return nil, fmt.Errorf("attempts of meeting %d: %w", meetingID, err)
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("attempts of meeting %d: %w", meetingID, err)
	}
	byAttempt, err := s.calls(ctx, meetingID)
	for i := range list {
		list[i].Calls = byAttempt[list[i].ID]
	}
	return list, err
}

// calls returns the calls of all attempts of a meeting, oldest first, by attempt.
func (s *Store) calls(ctx context.Context, meetingID int64) (map[int64][]meeting.Call, error) {
	const q = `SELECT c.attempt_id, c.id, c.method, c.client_request_id, c.request_id, c.status, c.code, c.message, c.date, c.unsure, c.claims, c.started_at, c.duration_us, c.retry_at
		FROM calls c JOIN attempts a ON a.id = c.attempt_id WHERE a.meeting_id = $1 ORDER BY c.id`
	rows, err := s.read.QueryContext(ctx, q, meetingID)
	if err != nil {
		return nil, fmt.Errorf("calls of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	byAttempt := make(map[int64][]meeting.Call)
	for rows.Next() {
		var (
			c         meeting.Call
			attemptID int64
			started   sql.NullInt64
			retry     sql.NullInt64
			micros    int64
		)
		if err := rows.Scan(&attemptID, &c.ID, &c.Method, &c.ClientRequestID, &c.RequestID, &c.Status, &c.Code, &c.Message, &c.Date, &c.Unsure, &c.Claims, &started, &micros, &retry); err != nil {
			return nil, fmt.Errorf("calls of meeting %d: %w", meetingID, err)
		}
		c.StartedAt, c.Duration, c.RetryAt = fromMillis(started), time.Duration(micros)*time.Microsecond, fromMillis(retry)
		byAttempt[attemptID] = append(byAttempt[attemptID], c)
	}
	return byAttempt, rows.Err()
}
