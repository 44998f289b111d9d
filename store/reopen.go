package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// insertLostCalls adds a call with an unknown outcome to each pending attempt, because
// Graph may have received a call that was never recorded. Callers may append conditions.
const insertLostCalls = `INSERT INTO calls (attempt_id, method, client_request_id, status, unsure, started_at, duration_us)
	SELECT id, CASE kind WHEN 'create' THEN 'POST' WHEN 'update' THEN 'PATCH' WHEN 'remove' THEN 'DELETE' ELSE 'GET' END, '', 0, TRUE, updated_at, 0
	FROM attempts WHERE state = 'pending'`

// Reopen makes an open attempt pending again and records the retry in the audit log. A
// failed meeting becomes unfinished. Reopen returns a Conflict error if the attempt cannot
// be repeated.
func (s *Store) Reopen(ctx context.Context, a meeting.Attempt) error {
	const (
		reopen = `UPDATE attempts AS a SET state = 'pending', reason = '', updated_at = $1, desk_id = $3 WHERE id = $2 AND state IN ('pending', 'unfinished', 'failed')
			AND NOT EXISTS (SELECT 1 FROM attempts n WHERE ` + nSupersedesA + `)`
		unsettle = `UPDATE meetings SET state = 'unfinished' WHERE state = 'failed' AND id = $1`
	)
	after := func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, unsettle, a.MeetingID); err != nil {
			return err
		}
		return auditApplication(ctx, tx, s.now(), a)
	}
	return s.changeState(ctx, a.ID, a.Actor.ID, AuditRetry, after, reopen, s.engine.deskID())
}

// Dismiss closes an open attempt without repeating it and records the dismissal in the
// audit log. It returns a Conflict error if the attempt is not open.
func (s *Store) Dismiss(ctx context.Context, attemptID, userID int64) error {
	const attempt = `UPDATE attempts SET state = 'dismissed', updated_at = $1 WHERE id = $2 AND state IN ('pending', 'unfinished', 'failed')`
	return s.changeState(ctx, attemptID, userID, AuditDismiss, nil, attempt)
}

// Accept records that the person accepts the differences between the attempt's request and
// the meeting in Graph. It returns a Conflict error if the attempt is not done.
func (s *Store) Accept(ctx context.Context, attemptID, userID int64) error {
	const attempt = `UPDATE attempts SET accepted = TRUE, updated_at = $1 WHERE id = $2 AND state = 'done'`
	return s.changeState(ctx, attemptID, userID, AuditDismiss, nil, attempt)
}

// changeState changes an attempt and records the action in the audit log. For a pending
// attempt, it first adds a call with an unknown outcome. The change argument is an SQL
// statement whose parameters are the current time, the attempt's ID and args. If the
// statement affects no row, changeState returns a Conflict error. The after callback, which
// may be nil, is called at the end of the transaction.
func (s *Store) changeState(ctx context.Context, attemptID, userID int64, action AuditAction, after func(*sql.Tx) error, change string, args ...any) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, insertLostCalls+` AND id = $1`, attemptID); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, change, append([]any{s.now().UnixMilli(), attemptID}, args...)...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonAttemptClosed, Err: err}
		}
		var meetingID int64
		if err := tx.QueryRowContext(ctx, `SELECT meeting_id FROM attempts WHERE id = $1`, attemptID).Scan(&meetingID); err != nil {
			return err
		}
		if err := insertAudit(ctx, tx, s.now(), userID, action, meetingID, ""); err != nil || after == nil {
			return err
		}
		return after(tx)
	})
	if err != nil {
		return fmt.Errorf("attempt %d: %w", attemptID, err)
	}
	return nil
}
