package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"meetdesk/meeting"
)

// importLife is how long an import may use the person's tokens after it is started, resumed
// or retried.
const importLife = 24 * time.Hour

// StartImport starts a draft with the person's grant. The import processes only rows in the
// state RowWaiting. StartImport returns a Conflict error if the import is not a draft, or
// if another of the person's imports will create one of the same meetings.
func (s *Store) StartImport(ctx context.Context, id, grantID int64, rows []meeting.ImportRow) error {
	const (
		start = `UPDATE imports SET state = 'running', grant_id = $1, started_at = $2, ends_at = $3 WHERE id = $4`
		row   = `UPDATE import_rows SET state = $1, external_id = $2, ticket_key = $3, known_id = $4, request = $5, reason = $6, choice = $7, meeting_id = $8
			WHERE import_id = $9 AND position = $10`
	)
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := inState(ctx, tx, id, meeting.ImportDraft); err != nil {
			return err
		}
		now, waiting := s.now(), 0
		for _, r := range rows {
			var request []byte
			if r.State == meeting.RowWaiting {
				waiting++
				var err error
				if request, err = json.Marshal(r.Request); err != nil {
					return err
				}
			}
			known, used := sql.NullInt64{Int64: r.Known, Valid: r.Known != 0}, sql.NullInt64{Int64: r.MeetingID, Valid: r.MeetingID != 0}
			if _, err := tx.ExecContext(ctx, row, r.State, r.ExternalID, meeting.TicketKey(r.ExternalID), known, string(request), r.Reason, r.Choice, used, id, r.Position); err != nil {
				return err
			}
		}
		var ahead bool
		if err := tx.QueryRowContext(ctx, isAhead, id).Scan(&ahead); err != nil {
			return err
		} else if ahead {
			return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonImportAhead}
		}
		if _, err := tx.ExecContext(ctx, start, grantID, now.UnixMilli(), now.Add(importLife).UnixMilli(), id); err != nil {
			return err
		}
		if err := s.auditImport(ctx, tx, id, 0, AuditImportStart, fmt.Sprintf("%d rows %d", id, waiting)); err != nil {
			return err
		}
		return s.finishImport(ctx, tx, id)
	})
	if err != nil {
		return fmt.Errorf("start import %d: %w", id, err)
	}
	return nil
}

// auditImport writes an audit entry about an import. A byID of 0 means the person who
// started the import.
func (s *Store) auditImport(ctx context.Context, tx *sql.Tx, id, byID int64, action AuditAction, detail string) error {
	if byID == 0 {
		if err := tx.QueryRowContext(ctx, `SELECT user_id FROM imports WHERE id = $1`, id).Scan(&byID); err != nil {
			return err
		}
	}
	return insertAudit(ctx, tx, s.now(), byID, action, 0, detail)
}

// longestRowPause is an upper bound for the delay before a row is retried. A longer delay
// means that the clock has been set back.
const longestRowPause = time.Minute

// leaseNextRow leases the first waiting row of import $1 that is ready. If there is none,
// it leases the first row whose lease has expired. Both subqueries use the
// import_rows_state index.
const leaseNextRow = `UPDATE import_rows AS r SET state = 'running', lease_until = $2, desk_id = $5 WHERE r.import_id = $1 AND r.position = coalesce(
		(SELECT n.position FROM import_rows n WHERE n.import_id = $1 AND n.state = 'waiting' AND (n.not_before <= $3 OR n.not_before > $4) ORDER BY n.position LIMIT 1),
		(SELECT n.position FROM import_rows n WHERE n.import_id = $1 AND n.state = 'running' AND n.lease_until <= $3 ORDER BY n.position LIMIT 1))
	RETURNING import_id, position, number, form, external_id, choice, known_id, state, reason, args, meeting_id, tries, request`

// NextImportRow records the result of a row, unless done is nil, and leases the next row
// to the caller. If no unfinished rows are left, it marks the import as done. After the
// lease has expired, another worker can lease the row. ok is false if the import is not
// running or no row is ready. more is true if the import is running and still has
// unfinished rows.
//
// Two workers cannot lease the same row, because only one such transaction runs at a time.
func (s *Store) NextImportRow(ctx context.Context, id int64, done *meeting.RowResult, lease time.Duration) (r meeting.ImportRow, ok, more bool, err error) {
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if done != nil {
			if err := s.endImportRow(ctx, tx, *done); err != nil {
				return err
			}
		}
		if err := inState(ctx, tx, id, meeting.ImportRunning); err != nil {
			if meeting.CodeOf(err) == meeting.Conflict {
				return nil
			}
			return err
		}
		more = true
		now := s.now()
		r, err = scanImportRow(tx.QueryRowContext(ctx, leaseNextRow, id, now.Add(lease).UnixMilli(), now.UnixMilli(), now.Add(longestRowPause).UnixMilli(), s.engine.deskID()))
		if errors.Is(err, sql.ErrNoRows) {
			var open bool
			const left = `SELECT EXISTS (SELECT 1 FROM import_rows WHERE import_id = $1 AND state IN ('waiting', 'running'))`
			if err := tx.QueryRowContext(ctx, left, id).Scan(&open); err != nil || open {
				return err
			}
			more = false
			return s.finishImport(ctx, tx, id)
		}
		ok = err == nil
		return err
	})
	if err != nil {
		return r, false, false, fmt.Errorf("next row of import %d: %w", id, err)
	}
	return r, ok, more, nil
}

// EndImportRow records the result of a row. Unlike NextImportRow, it does not lease
// another row.
func (s *Store) EndImportRow(ctx context.Context, done meeting.RowResult) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error { return s.endImportRow(ctx, tx, done) })
	if err != nil {
		return fmt.Errorf("row %d of import %d: %w", done.Position, done.ImportID, err)
	}
	return nil
}

func (s *Store) endImportRow(ctx context.Context, tx *sql.Tx, d meeting.RowResult) error {
	var state meeting.ImportState
	if err := tx.QueryRowContext(ctx, `SELECT state FROM imports WHERE id = $1`, d.ImportID).Scan(&state); err != nil {
		return err
	}
	if d.State == meeting.RowWaiting && state == meeting.ImportCancelled {
		d.State = meeting.RowFailed // it would never be retried
	}
	const q = `UPDATE import_rows SET state = $1, reason = $2, args = $3, meeting_id = coalesce($4, meeting_id), tries = tries + $5, not_before = $6,
		request = CASE WHEN $1 IN ('created', 'found') THEN '' ELSE request END, lease_until = 0, ended_at = $7 WHERE import_id = $8 AND position = $9 AND state = 'running'`
	var args []byte
	if len(d.Args) > 0 {
		var err error
		if args, err = json.Marshal(d.Args); err != nil {
			return err
		}
	}
	tries, ended := 0, sql.NullInt64{Int64: s.now().UnixMilli(), Valid: d.State != meeting.RowWaiting}
	if d.Counts {
		tries = 1
	}
	m := sql.NullInt64{Int64: d.MeetingID, Valid: d.MeetingID != 0}
	if _, err := tx.ExecContext(ctx, q, d.State, d.Reason, string(args), m, tries, max(d.After.UnixMilli(), 0), ended, d.ImportID, d.Position); err != nil {
		return err
	}
	if state == meeting.ImportPaused {
		return s.finishImport(ctx, tx, d.ImportID) // this may have been its last row
	}
	return storeCountsOf(ctx, tx, d.ImportID) // a row may end after its import has been cancelled
}

// finishImport marks a running or paused import as done and releases its grant if no
// unfinished rows are left.
func (s *Store) finishImport(ctx context.Context, tx *sql.Tx, id int64) error {
	const q = `UPDATE imports SET state = 'done', reason = '', grant_id = NULL, finished_at = $1 WHERE id = $2 AND state IN ('running', 'paused')
		AND NOT EXISTS (SELECT 1 FROM import_rows r WHERE r.import_id = $2 AND r.state IN ('waiting', 'running'))`
	if _, err := tx.ExecContext(ctx, q, s.now().UnixMilli(), id); err != nil {
		return err
	}
	if err := storeCountsOf(ctx, tx, id); err != nil {
		return err
	}
	return deleteOrphans(ctx, tx)
}

func storeCountsOf(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, storeCounts+` AND id = $1`, id)
	return err
}

// PauseImport pauses a running import on behalf of the person with the ID byID. It returns
// a Conflict error if the import is not running.
func (s *Store) PauseImport(ctx context.Context, id, byID int64, why meeting.Reason) error {
	return s.changeImport(ctx, id, byID, AuditImportPause, string(why), []meeting.ImportState{meeting.ImportRunning}, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE imports SET state = 'paused', reason = $1 WHERE id = $2`, why, id)
		return err
	})
}

// ImportRun identifies one period in which an import runs. It begins when the import is
// started, resumed or retried, and lasts until the import is paused or ends.
type ImportRun struct {
	GrantID int64     // the grant whose tokens it uses; 0 if the grant is gone
	EndsAt  time.Time // when the desk pauses it
}

// ImportRun returns the current run of an import. The second result is false if the import
// is not running.
func (s *Store) ImportRun(ctx context.Context, id int64) (run ImportRun, running bool, err error) {
	const q = `SELECT grant_id, ends_at FROM imports WHERE id = $1 AND state = 'running'`
	err = s.read.QueryRowContext(ctx, q, id).Scan(idOrNull{&run.GrantID}, storedTime{&run.EndsAt})
	if errors.Is(err, sql.ErrNoRows) {
		return run, false, nil
	}
	if err != nil {
		return run, false, fmt.Errorf("import %d: %w", id, err)
	}
	return run, true, nil
}

// PauseRun pauses an import when the desk itself has to stop it. It returns a Conflict
// error if the given run is over, even if the import is running again.
func (s *Store) PauseRun(ctx context.Context, id int64, run ImportRun, why meeting.Reason) error {
	return s.changeImport(ctx, id, 0, AuditImportPause, string(why), []meeting.ImportState{meeting.ImportRunning}, func(tx *sql.Tx) error {
		const q = `UPDATE imports SET state = 'paused', reason = $1 WHERE id = $2 AND coalesce(grant_id, 0) = $3 AND ends_at = $4`
		result, err := tx.ExecContext(ctx, q, why, id, run.GrantID, run.EndsAt.UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonImportChanged}
	})
}

// ResumeImport continues a paused import with a new grant. It returns a Conflict error if
// the import is not paused.
func (s *Store) ResumeImport(ctx context.Context, id, grantID int64) error {
	return s.changeImport(ctx, id, 0, AuditImportResume, "", []meeting.ImportState{meeting.ImportPaused}, func(tx *sql.Tx) error {
		const q = `UPDATE imports SET state = 'running', reason = '', grant_id = $1, ends_at = $2 WHERE id = $3`
		if _, err := tx.ExecContext(ctx, q, grantID, s.now().Add(importLife).UnixMilli(), id); err != nil {
			return err
		}
		return s.finishImport(ctx, tx, id)
	})
}

// RetryImport retries the failed rows with the person's current grant. It returns a
// Conflict error if the import is a draft.
func (s *Store) RetryImport(ctx context.Context, id, grantID int64) error {
	states := []meeting.ImportState{meeting.ImportRunning, meeting.ImportPaused, meeting.ImportDone, meeting.ImportCancelled}
	return s.changeImport(ctx, id, 0, AuditImportRetry, "", states, func(tx *sql.Tx) error {
		const (
			rows   = `UPDATE import_rows SET state = 'waiting', reason = '', args = '', tries = 0, not_before = 0, ended_at = NULL WHERE import_id = $1 AND state = 'failed'`
			resume = `UPDATE imports SET state = 'running', reason = '', grant_id = $1, ends_at = $2, finished_at = NULL, created = 0, found = 0, failed = 0, left_out = 0 WHERE id = $3`
		)
		if _, err := tx.ExecContext(ctx, rows, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, resume, grantID, s.now().Add(importLife).UnixMilli(), id); err != nil {
			return err
		}
		return s.finishImport(ctx, tx, id)
	})
}

// CancelImport ends a running or paused import. In any other state, it returns a Conflict
// error. byID identifies the person who cancels the import, and why is the reason shown on
// the import's page. Meetings that the import has created remain. The result of a row that
// is being processed is still recorded.
func (s *Store) CancelImport(ctx context.Context, id, byID int64, why meeting.Reason) error {
	return s.changeImport(ctx, id, byID, AuditImportCancel, "", []meeting.ImportState{meeting.ImportRunning, meeting.ImportPaused}, func(tx *sql.Tx) error {
		const (
			rows = `UPDATE import_rows SET state = 'left', reason = $1, request = '' WHERE import_id = $2 AND state = 'waiting'`
			end  = `UPDATE imports SET state = 'cancelled', reason = $1, grant_id = NULL, finished_at = $2 WHERE id = $3`
		)
		if _, err := tx.ExecContext(ctx, rows, meeting.ReasonImportCancelled, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, end, why, s.now().UnixMilli(), id); err != nil {
			return err
		}
		if err := storeCountsOf(ctx, tx, id); err != nil {
			return err
		}
		return deleteOrphans(ctx, tx)
	})
}

func (s *Store) changeImport(ctx context.Context, id, byID int64, action AuditAction, detail string, from []meeting.ImportState, change func(*sql.Tx) error) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := inState(ctx, tx, id, from...); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return s.auditImport(ctx, tx, id, byID, action, strings.TrimSpace(fmt.Sprintf("%d %s", id, detail)))
	})
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	return nil
}

// pauseImports pauses the running imports that match the condition and writes an audit
// entry for each. A byID of 0 means the person who started the import. pauseImports also
// removes the grants of all matching imports, even if they were already paused, because the
// desk may no longer act on the person's behalf.
func (s *Store) pauseImports(ctx context.Context, tx *sql.Tx, byID int64, why meeting.Reason, where string, args ...any) error {
	pause := fmt.Sprintf(`UPDATE imports SET state = 'paused', reason = $%d WHERE state = 'running' AND `, len(args)+1) + where + ` RETURNING id`
	paused, err := readIDs(ctx, tx, pause, append(slices.Clone(args), why)...)
	if err != nil {
		return fmt.Errorf("pause imports: %w", err)
	}
	for _, id := range paused {
		if err := s.auditImport(ctx, tx, id, byID, AuditImportPause, fmt.Sprintf("%d %s", id, why)); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE imports SET grant_id = NULL WHERE state = 'paused' AND `+where, args...); err != nil {
		return fmt.Errorf("grants of paused imports: %w", err)
	}
	return nil
}

// AttemptByForm returns the attempt that was started with the given form key. If there is
// none, it returns a NotFound error.
func (s *Store) AttemptByForm(ctx context.Context, formKey string) (meeting.Attempt, error) {
	var id int64
	err := s.read.QueryRowContext(ctx, `SELECT id FROM attempts WHERE form_id = $1`, formKey).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return meeting.Attempt{}, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonAttemptUnknown, Err: err}
	}
	if err != nil {
		return meeting.Attempt{}, fmt.Errorf("attempt of a form: %w", err)
	}
	return s.Attempt(ctx, id)
}
