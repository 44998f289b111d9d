package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"meetdesk/meeting"
)

type retentionTask struct {
	id, byID                  int64
	kind                      string
	meetings, audit           sql.NullInt64
	name, subject             string
	step                      int
	after                     place // the last row that the step has processed
	doneMeetings, doneEntries int
}

// RetentionTasks returns up to limit tasks, newest first.
func (s *Store) RetentionTasks(ctx context.Context, limit int) (list []meeting.RetentionTask, err error) {
	const q = `SELECT t.id, t.kind = 'erase', coalesce(u.id, 0), coalesce(u.name, ''), coalesce(u.upn, ''), t.meetings_before, t.audit_before, t.name, t.meetings, t.entries, t.created_at, t.done_at, t.step, t.after
		FROM retention_tasks t LEFT JOIN users u ON u.id = t.by_id ORDER BY t.id DESC LIMIT $1`
	rows, err := s.read.QueryContext(ctx, q, limit)
	if err != nil {
		return nil, fmt.Errorf("retention tasks: %w", err)
	}
	defer rows.Close()
	type position struct {
		step  int
		after int64
	}
	var positions []position
	for rows.Next() {
		var (
			t  meeting.RetentionTask
			at position
		)
		err := rows.Scan(&t.ID, &t.Erases, &t.By.ID, &t.By.Name, &t.By.UPN, storedTime{&t.Purge.MeetingsBefore}, storedTime{&t.Purge.AuditBefore},
			&t.Name, &t.Meetings, &t.Entries, storedTime{&t.CreatedAt}, storedTime{&t.DoneAt}, &at.step, &at.after)
		if err != nil {
			return nil, fmt.Errorf("retention tasks: %w", err)
		}
		list, positions = append(list, t), append(positions, at)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("retention tasks: %w", err)
	}
	for i, at := range positions {
		if t := &list[i]; t.Erases && t.DoneAt.IsZero() {
			if t.Read, err = s.erasureRead(ctx, at.step, at.after); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// RetentionRule returns how long records are kept.
func (s *Store) RetentionRule(ctx context.Context) (r meeting.RetentionRule, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT meeting_months, audit_months FROM retention_rule`).Scan(&r.Meetings, &r.Audit); err != nil {
		return r, fmt.Errorf("retention rule: %w", err)
	}
	return r, nil
}

// SetRetentionRule stores the retention rule and writes an audit entry. KeepRetention
// applies the new rule only after a day.
func (s *Store) SetRetentionRule(ctx context.Context, byID int64, r meeting.RetentionRule) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE retention_rule SET meeting_months = $1, audit_months = $2, run_at = $3`, r.Meetings, r.Audit, s.now().UnixMilli()); err != nil {
			return err
		}
		detail := url.Values{"meetings": {strconv.Itoa(r.Meetings)}, "audit": {strconv.Itoa(r.Audit)}}.Encode()
		return insertAudit(ctx, tx, s.now(), byID, AuditRule, 0, detail)
	})
	if err != nil {
		return fmt.Errorf("retention rule: %w", err)
	}
	return nil
}

// PurgeOf returns the purge that is due now under the retention rule r.
func PurgeOf(r meeting.RetentionRule, now time.Time) (p meeting.Purge) {
	if r.Meetings > 0 {
		p.MeetingsBefore = now.AddDate(0, -r.Meetings, 0)
	}
	if r.Audit > 0 {
		p.AuditBefore = now.AddDate(0, -r.Audit, 0)
	}
	return p
}

const (
	ruleInterval   = 24 * time.Hour // how often the rule is applied
	retentionCheck = time.Minute    // how often KeepRetention checks whether the rule is due
)

// KeepRetention carries out retention tasks in small transactions until the context ends,
// including tasks that an earlier process began. Once a day, it begins a task for the
// retention rule, if there is one. It also removes old drafts. It passes errors to the
// callback and then retries.
func (s *Store) KeepRetention(ctx context.Context, failed func(error)) {
	for {
		if err := s.runRetention(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-s.retention:
		case <-time.After(retentionCheck):
		case <-ctx.Done():
			return
		}
	}
}

func (s *Store) wakeRetention() {
	select {
	case s.retention <- struct{}{}:
	default:
	}
}

// runRetention removes old drafts, begins a task for the retention rule if one is due, and
// carries out all open tasks. It pauses after each part of a task to let others write. The
// pause lasts as long as the part blocked other writers, but at most a second.
func (s *Store) runRetention(ctx context.Context) error {
	if err := s.removeOldDrafts(ctx); err != nil {
		return err
	}
	if err := s.startRule(ctx); err != nil {
		return err
	}
	for {
		switch err := s.nextPart(ctx); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return fmt.Errorf("retention: %w", err)
		}
	}
}

// nextPart carries out the next part of the first open task and then pauses. It returns
// sql.ErrNoRows if no task is open. A lock excludes other desks. If the lock is lost,
// checkTask ensures that the part is counted only once.
func (s *Store) nextPart(ctx context.Context) error {
	release, err := s.engine.exclude(ctx, "retention")
	if err != nil {
		return err
	}
	defer release()
	t, err := openTask(ctx, s.read)
	if err != nil {
		return err
	}
	wrote, err := s.continueTask(ctx, t)
	if errors.Is(err, errTaskMoved) {
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case <-time.After(min(wrote, time.Second)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) startRule(ctx context.Context) error {
	r, err := s.RetentionRule(ctx)
	if err != nil || r == (meeting.RetentionRule{}) {
		return err
	}
	return s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		const due = `UPDATE retention_rule SET run_at = $1 WHERE run_at <= $2 AND NOT EXISTS (SELECT 1 FROM retention_tasks WHERE done_at IS NULL)`
		now := s.now()
		result, err := tx.ExecContext(ctx, due, now.UnixMilli(), now.Add(-ruleInterval).UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.startPurge(ctx, tx, 0, PurgeOf(r, now))
	})
}

func openTask(ctx context.Context, db querier) (t retentionTask, err error) {
	const q = `SELECT id, coalesce(by_id, 0), kind, meetings_before, audit_before, name, subject, step, after, after_second, meetings, entries FROM retention_tasks WHERE done_at IS NULL ORDER BY id LIMIT 1`
	err = db.QueryRowContext(ctx, q).Scan(&t.id, &t.byID, &t.kind, &t.meetings, &t.audit, &t.name, &t.subject, &t.step, &t.after[0], &t.after[1], &t.doneMeetings, &t.doneEntries)
	return t, err
}

var errTaskMoved = errors.New("another desk continued the task")

// checkTask returns errTaskMoved if the task has changed since this desk read it. Every
// transaction that carries out part of a task must call it first.
func checkTask(ctx context.Context, tx *sql.Tx, t retentionTask) error {
	now, err := openTask(ctx, tx)
	if errors.Is(err, sql.ErrNoRows) || err == nil && now != t {
		return errTaskMoved
	}
	return err
}

// continueTask carries out the next part of the task. It returns how long the part blocked
// other writers.
func (s *Store) continueTask(ctx context.Context, t retentionTask) (wrote time.Duration, err error) {
	if t.kind == "erase" {
		return s.continueErasure(ctx, t)
	}
	begun := time.Now()
	err = s.continuePurge(ctx, t)
	return time.Since(begun), err
}

func (s *Store) continuePurge(ctx context.Context, t retentionTask) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		var (
			meetings, entries int
			imports           bool
			err               = checkTask(ctx, tx, t)
		)
		if err != nil {
			return err
		}
		if t.meetings.Valid {
			meetings, err = s.purgeSomeMeetings(ctx, tx, t.meetings.Int64)
		}
		if err == nil && meetings == 0 && t.meetings.Valid {
			imports, err = purgeImport(ctx, tx, t.meetings.Int64)
		}
		if err == nil && meetings == 0 && !imports && t.audit.Valid {
			entries, err = purgeSomeEntries(ctx, tx, t.audit.Int64)
		}
		if err != nil {
			return err
		}
		t.doneMeetings, t.doneEntries = t.doneMeetings+meetings, t.doneEntries+entries
		if err := saveTask(ctx, tx, t); err != nil || imports || meetings+entries > 0 {
			return err
		}
		return s.endTask(ctx, tx, t, AuditPurged, fmt.Sprintf("entries=%d", t.doneEntries))
	})
}

func saveTask(ctx context.Context, tx *sql.Tx, t retentionTask) error {
	const q = `UPDATE retention_tasks SET step = $1, after = $2, after_second = $3, meetings = $4, entries = $5 WHERE id = $6`
	_, err := tx.ExecContext(ctx, q, t.step, t.after[0], t.after[1], t.doneMeetings, t.doneEntries, t.id)
	return err
}

// endTask records in the task and in the audit log that the task is done. It also clears
// the subject, which a task begun by an older version may still contain.
func (s *Store) endTask(ctx context.Context, tx *sql.Tx, t retentionTask, action AuditAction, detail string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE retention_tasks SET done_at = $1, subject = '' WHERE id = $2`, s.now().UnixMilli(), t.id); err != nil {
		return err
	}
	return insertEntry(ctx, tx, auditEntry{at: s.now(), userID: t.byID, action: action, detail: detail, count: sql.NullInt64{Int64: int64(t.doneMeetings), Valid: true}})
}
