package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// noteUnheard records, for attempts without an outcome, a call of which nothing
// is known: it may have taken effect. More conditions follow it.
const noteUnheard = `INSERT INTO calls (attempt_id, method, client_request_id, status, unsure, started_at, duration_us)
	SELECT id, CASE kind WHEN 'create' THEN 'POST' WHEN 'update' THEN 'PATCH' WHEN 'remove' THEN 'DELETE' ELSE 'GET' END, '', 0, 1, updated_at, 0
	FROM attempts WHERE state = 'pending'`

// BeginAgain makes a failed or unfinished attempt pending once more, and a
// meeting that Graph has not confirmed unfinished. It returns a Conflict error
// when the attempt is no longer one to be repeated.
func (s *Store) BeginAgain(ctx context.Context, attemptID int64) error {
	const (
		attempt = `UPDATE attempts AS a SET state = 'pending', reason = '', updated_at = $1 WHERE id = $2 AND state IN ('pending', 'unfinished', 'failed')
			AND NOT EXISTS (SELECT 1 FROM attempts n WHERE ` + tookItsPlace + `)`
		unmade = `UPDATE meetings SET state = 'unfinished' WHERE state = 'failed' AND id = (SELECT meeting_id FROM attempts WHERE id = $1)`
	)
	return s.reopen(ctx, attemptID, attempt, unmade)
}

// Dismiss puts a failed or unfinished attempt aside. It returns a Conflict
// error when the attempt is neither.
func (s *Store) Dismiss(ctx context.Context, attemptID int64) error {
	const attempt = `UPDATE attempts SET state = 'dismissed', updated_at = $1 WHERE id = $2 AND state IN ('pending', 'unfinished', 'failed')`
	return s.reopen(ctx, attemptID, attempt, "")
}

// Accept notes that the person uses what Graph has instead of what the done
// attempt asked for. It returns a Conflict error when the attempt is not done.
func (s *Store) Accept(ctx context.Context, attemptID int64) error {
	const attempt = `UPDATE attempts SET accepted = 1, updated_at = $1 WHERE id = $2 AND state = 'done'`
	return s.reopen(ctx, attemptID, attempt, "")
}

// reopen takes an attempt out of the state it was left in: change sets its own
// state, by time and ID, and after, if any, what follows from it, by ID.
func (s *Store) reopen(ctx context.Context, attemptID int64, change, after string) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, noteUnheard+` AND id = $1`, attemptID); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, change, s.now().UnixMilli(), attemptID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return &meeting.Error{Code: meeting.Conflict, Key: "attempt.closed", Err: err}
		}
		if after != "" {
			_, err = tx.ExecContext(ctx, after, attemptID)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("attempt %d: %w", attemptID, err)
	}
	return nil
}

// What a stopped process left behind is noted and settled. The list of states is
// what the index attempts_open is for.
const (
	ofIndex     = ` AND state IN ('pending', 'unfinished', 'failed')`
	noteStopped = noteUnheard + ofIndex
	endStopped  = `UPDATE attempts SET state = 'unfinished', reason = 'reason.stopped' WHERE state = 'pending'` + ofIndex
)

// settleStopped settles what a stopped process left behind. At the start nothing
// is under way, since one process owns the data folder.
func (s *Store) settleStopped(ctx context.Context) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{noteStopped, endStopped} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle stopped attempts: %w", err)
	}
	return nil
}
