package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// These statements settle the attempts and import rows of stopped desks. The inOpenState
// condition lets SQLite use the attempts_open index.
const (
	inOpenState         = ` AND state IN ('pending', 'unfinished', 'failed')`
	isStopped           = ` AND NOT EXISTS (SELECT 1 FROM desks d WHERE d.id = desk_id)`
	stoppedAttempt      = `state = 'pending'` + inOpenState + isStopped
	stoppedRow          = `import_id IN (SELECT id FROM imports WHERE state IN ('running', 'paused', 'cancelled')) AND state = 'running'` + isStopped
	hasStopped          = `SELECT EXISTS (SELECT 1 FROM attempts WHERE ` + stoppedAttempt + `) OR EXISTS (SELECT 1 FROM import_rows WHERE ` + stoppedRow + `)`
	insertStoppedCalls  = insertLostCalls + inOpenState + isStopped
	auditStoppedCreates = `INSERT INTO audit (at, user_id, action, meeting_id, detail)
		SELECT updated_at, actor_id, 'meeting.create', meeting_id, 'unfinished' FROM attempts WHERE kind = 'create' AND ` + stoppedAttempt
	settleStoppedAttempts = `UPDATE attempts SET state = 'unfinished', reason = 'reason.stopped' WHERE ` + stoppedAttempt
	// The rows of a cancelled import are not retried. The person who started the import can
	// finish a row's attempt on the meeting's page.
	failStoppedRows = `UPDATE import_rows SET state = 'failed', reason = 'reason.stopped', lease_until = 0,
		ended_at = (SELECT i.finished_at FROM imports i WHERE i.id = import_id)
		WHERE import_id IN (SELECT id FROM imports WHERE state = 'cancelled') AND ` + stoppedRow
	releaseStoppedRows = `UPDATE import_rows SET state = 'waiting', lease_until = 0 WHERE ` + stoppedRow
)

// settleStopped marks the pending attempts of stopped desks as unfinished. It requeues the
// desks' import rows, unless their import was cancelled.
func (s *Store) settleStopped(ctx context.Context) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{insertStoppedCalls, auditStoppedCreates, settleStoppedAttempts, failStoppedRows, storeCounts, releaseStoppedRows} {
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

const settleInterval = deskLease / 4

// KeepSettled calls SettleOthers periodically until the context ends, and passes each error
// to the callback. With SQLite, it does nothing, because there are no other desks.
func (s *Store) KeepSettled(ctx context.Context, failed func(error)) {
	if s.engine.deskID() == 0 {
		return
	}
	for {
		if err := s.SettleOthers(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-time.After(settleInterval):
		case <-ctx.Done():
			return
		}
	}
}

// DeskID returns the ID of this desk among the desks that share the database. With SQLite,
// it returns 0.
func (s *Store) DeskID() int64 { return s.engine.deskID() }

// Desks returns the number of desks, including this one, that shared the database when this
// desk last renewed its lease.
func (s *Store) Desks() int { return s.engine.desks() }

// IsDeskRunning reports whether the desk with the given ID is running. A desk that was
// killed counts as running until another desk removes its lease.
func (s *Store) IsDeskRunning(ctx context.Context, id int64) (is bool, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM desks WHERE id = $1)`, id).Scan(&is); err != nil {
		return false, fmt.Errorf("desk %d: %w", id, err)
	}
	return is, nil
}

// SettleOthers renews this desk's lease and settles the attempts of desks that have
// stopped.
func (s *Store) SettleOthers(ctx context.Context) error {
	if err := s.engine.renewLease(ctx); err != nil {
		return err
	}
	var stopped bool
	if err := s.read.QueryRowContext(ctx, hasStopped).Scan(&stopped); err != nil || !stopped {
		return err
	}
	return s.settleStopped(ctx)
}
