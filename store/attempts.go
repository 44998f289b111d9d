package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

// attemptColumns is the select list for scanAttempt. The attempts and users tables have
// the aliases a and u.
var attemptColumns = attemptFields(new(meeting.Attempt), nil).of("a") + ", " + userColumns

func attemptFields(a *meeting.Attempt, known *knownPeople) columns {
	return columns{
		{"id", &a.ID},
		{"meeting_id", &a.MeetingID},
		{"mode", &a.Mode},
		{"kind", &a.Kind},
		{"asked", storedAsked{&a.Asked, known}},
		{"asked_packed", storedAsked{&a.Asked, known}},
		{"state", &a.State},
		{"outcome", &a.Outcome},
		{"reason", &a.Reason},
		{"accepted", &a.Accepted},
		{"base_reply_id", idOrNull{&a.BaseReply}},
		{"created_at", storedTime{&a.CreatedAt}},
		{"updated_at", storedTime{&a.UpdatedAt}},
	}
}

// scanAttempt reads an attempt. To read all attempts of one meeting, pass the same known to
// each call; otherwise, pass nil.
func scanAttempt(row scanner, known *knownPeople) (a meeting.Attempt, err error) {
	err = row.Scan(values(attemptFields(&a, known), userFields(&a.Actor))...)
	return a, err
}

// callColumns is the select list for callFields. The calls table has the alias c.
var callColumns = callFields(new(meeting.Call)).of("c")

// callFields returns the columns of a call, except its ID and attempt ID.
func callFields(c *meeting.Call) columns {
	return columns{
		{"method", &c.Method},
		{"client_request_id", storedGUID{&c.ClientRequestID}},
		{"request_id", storedGUID{&c.RequestID}},
		{"status", &c.Status},
		{"code", &c.Code},
		{"message", &c.Message},
		{"unsure", &c.Unsure},
		{"claims", &c.Claims},
		{"started_at", storedTime{&c.StartedAt}},
		{"date", storedDate{&c.Date, &c.StartedAt}},
		{"duration_us", storedMicros{&c.Duration}},
		{"retry_at", storedTime{&c.RetryAt}},
	}
}

// Attempt returns the attempt with the given ID, including its calls, or a NotFound
// error.
func (s *Store) Attempt(ctx context.Context, id int64) (meeting.Attempt, error) {
	q := `SELECT ` + attemptColumns + ` FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.id = $1`
	a, err := scanAttempt(s.read.QueryRowContext(ctx, q, id), nil)
	if errors.Is(err, sql.ErrNoRows) {
		return a, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonAttemptUnknown, Err: err}
	}
	if err != nil {
		return a, fmt.Errorf("attempt %d: %w", id, err)
	}
	byAttempt, err := s.calls(ctx, a.MeetingID)
	a.Calls = byAttempt[id]
	return a, err
}

// NewestAttempt returns the ID of the meeting's newest attempt, or 0 if it has none.
func (s *Store) NewestAttempt(ctx context.Context, meetingID int64) (id int64, err error) {
	const q = `SELECT coalesce(max(id), 0) FROM attempts WHERE meeting_id = $1`
	if err := s.read.QueryRowContext(ctx, q, meetingID).Scan(&id); err != nil {
		return 0, fmt.Errorf("newest attempt of meeting %d: %w", meetingID, err)
	}
	return id, nil
}

// Attempts returns the meeting's attempts, newest first. Each includes its calls to
// Graph.
func (s *Store) Attempts(ctx context.Context, meetingID int64) (list []meeting.Attempt, err error) {
	q := `SELECT ` + attemptColumns + ` FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.meeting_id = $1 ORDER BY a.id DESC`
	rows, err := s.read.QueryContext(ctx, q, meetingID)
	if err != nil {
		return nil, fmt.Errorf("attempts of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	var known knownPeople
	for rows.Next() {
		a, err := scanAttempt(rows, &known)
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

func (s *Store) calls(ctx context.Context, meetingID int64) (map[int64][]meeting.Call, error) {
	q := `SELECT c.attempt_id, c.id, ` + callColumns + ` FROM calls c JOIN attempts a ON a.id = c.attempt_id WHERE a.meeting_id = $1 ORDER BY c.id`
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
		)
		if err := rows.Scan(values(columns{{"attempt_id", &attemptID}, {"id", &c.ID}}, callFields(&c))...); err != nil {
			return nil, fmt.Errorf("calls of meeting %d: %w", meetingID, err)
		}
		byAttempt[attemptID] = append(byAttempt[attemptID], c)
	}
	return byAttempt, rows.Err()
}
