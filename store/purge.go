package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"time"

	"meetdesk/meeting"
)

// The maximum numbers of meetings and audit entries that one transaction removes. Removing
// that many blocks other writers for about 30 ms.
const (
	purgeMeetings = 25
	purgeEntries  = 500
)

// age is an SQL expression for the end of a meeting or its last change, whichever is
// later. The meetings_age index contains the same expression.
const age = `CASE WHEN end_at > updated_at THEN end_at ELSE updated_at END`

const isUnsettled = `id IN (SELECT meeting_id FROM attempts WHERE state IN ('pending', 'unfinished')` + inOpenState + `)`

// PlanPurge counts what the purge would remove and keep if it ran now. It changes nothing.
func (s *Store) PlanPurge(ctx context.Context, p meeting.Purge) (plan meeting.PurgePlan, err error) {
	plan.Purge = p
	var oldest, newest, entry sql.NullInt64
	var old, all int
	const (
		meetings = `SELECT count(*), min(` + age + `), max(` + age + `), (SELECT count(*) FROM meetings WHERE ` + age + ` < $1), (SELECT count(*) FROM meetings)
			FROM meetings WHERE ` + age + ` < $1 AND NOT ` + isUnsettled
		imports = `SELECT count(*) FROM imports WHERE ` + isOldImport
		entries = `SELECT count(*), min(at), (SELECT count(*) FROM audit) FROM audit WHERE at < $1`
	)
	if err := s.read.QueryRowContext(ctx, meetings, cutoff(p.MeetingsBefore)).Scan(&plan.Meetings, &oldest, &newest, &old, &all); err != nil {
		return plan, fmt.Errorf("plan a purge: %w", err)
	}
	if err := s.read.QueryRowContext(ctx, imports, cutoff(p.MeetingsBefore)).Scan(&plan.Imports); err != nil {
		return plan, fmt.Errorf("plan a purge: %w", err)
	}
	if err := s.read.QueryRowContext(ctx, entries, cutoff(p.AuditBefore)).Scan(&plan.Entries, &entry, &plan.KeptEntries); err != nil {
		return plan, fmt.Errorf("plan a purge: %w", err)
	}
	plan.KeptMeetings, plan.KeptOpen = all-plan.Meetings, old-plan.Meetings
	plan.KeptEntries -= plan.Entries
	plan.Oldest, plan.Newest, plan.OldestEntry = fromMillis(oldest), fromMillis(newest), fromMillis(entry)
	return plan, nil
}

// cutoff returns the time in milliseconds. For the zero time, it returns a value earlier
// than the time of any row.
func cutoff(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMilli()
}

// StartPurge begins a purge and records it in the audit log. The purge runs in the
// background and continues after a restart.
func (s *Store) StartPurge(ctx context.Context, byID int64, p meeting.Purge) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error { return s.startPurge(ctx, tx, byID, p) })
	if err != nil {
		return fmt.Errorf("start a purge: %w", err)
	}
	s.wakeRetention()
	return nil
}

func (s *Store) startPurge(ctx context.Context, tx *sql.Tx, byID int64, p meeting.Purge) error {
	const q = `INSERT INTO retention_tasks (kind, by_id, meetings_before, audit_before, created_at) VALUES ('purge', $1, $2, $3, $4)`
	if _, err := tx.ExecContext(ctx, q, sql.NullInt64{Int64: byID, Valid: byID != 0}, millis(p.MeetingsBefore), millis(p.AuditBefore), s.now().UnixMilli()); err != nil {
		return err
	}
	return insertAudit(ctx, tx, s.now(), byID, AuditPurge, 0, purgeDetail(p))
}

func purgeDetail(p meeting.Purge) string {
	var parts []string
	if !p.AuditBefore.IsZero() {
		parts = append(parts, "audit_before="+p.AuditBefore.UTC().Format(time.DateOnly))
	}
	if !p.MeetingsBefore.IsZero() {
		parts = append(parts, "meetings_before="+p.MeetingsBefore.UTC().Format(time.DateOnly))
	}
	return strings.Join(parts, "&")
}

// purgeSomeMeetings removes the next batch of meetings older than the given time and
// returns how many it removed. It skips meetings with unsettled attempts.
func (s *Store) purgeSomeMeetings(ctx context.Context, tx *sql.Tx, before int64) (n int, err error) {
	const find = `SELECT id FROM meetings WHERE ` + age + ` < $1 AND NOT ` + isUnsettled + ` ORDER BY ` + age + ` LIMIT $2`
	ids, err := readIDs(ctx, tx, find, before, purgeMeetings)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := openRetention(ctx, tx, "replies", math.MaxInt64); err != nil {
		return 0, err
	}
	// Do not reuse the IDs of removed meetings.
	const next = `UPDATE next_ids SET meeting = (SELECT max(id) + 1 FROM meetings) WHERE meeting <= (SELECT max(id) FROM meetings)`
	if _, err := tx.ExecContext(ctx, next); err != nil {
		return 0, err
	}
	for _, id := range ids {
		for _, q := range purgeStatements {
			if _, err := tx.ExecContext(ctx, q, id); err != nil {
				return 0, fmt.Errorf("meeting %d: %w", id, err)
			}
		}
		if err := s.index.Remove(ctx, tx, id); err != nil {
			return 0, err
		}
	}
	return len(ids), closeRetention(ctx, tx)
}

const repliesOf = `(meeting_id = $1 OR attempt_id IN (SELECT id FROM attempts WHERE meeting_id = $1))`

// endedWith is an SQL condition that is true if meeting $1 was created or found for import
// row r.
const endedWith = `r.meeting_id = $1 AND r.state IN ('created', 'found')`

// purgeStatements delete meeting $1. If another meeting has replaced it, the first
// statement copies its rows in ended_access to the replacement, so that revoked access
// stays revoked. ON DELETE CASCADE deletes the rows in attendees, meeting_people and
// ended_access.
var purgeStatements = []string{
	`INSERT INTO ended_access (meeting_id, user_id, ended_by, ended_at)
		SELECT m.id, e.user_id, e.ended_by, e.ended_at FROM ended_access e JOIN meetings o ON o.id = e.meeting_id AND o.state = 'replaced'
			JOIN meetings m ON m.organizer_id = o.organizer_id AND m.external_id = o.external_id AND m.state NOT IN ('removed', 'replaced')
		WHERE e.meeting_id = $1 AND NOT EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = e.user_id) ON CONFLICT DO NOTHING`,
	`UPDATE attempts SET base_reply_id = NULL WHERE base_reply_id IN (SELECT id FROM replies WHERE ` + repliesOf + `)`,
	`DELETE FROM replies WHERE ` + repliesOf,
	`DELETE FROM calls WHERE attempt_id IN (SELECT id FROM attempts WHERE meeting_id = $1)`,
	`DELETE FROM attempts WHERE meeting_id = $1`,
	`DELETE FROM notes WHERE meeting_id = $1`,
	`UPDATE import_rows SET known_id = NULL WHERE known_id = $1`,
	`DELETE FROM import_extras AS x WHERE EXISTS (SELECT 1 FROM import_rows r WHERE r.import_id = x.import_id AND r.position = x.position AND ` + endedWith + `)`,
	`UPDATE import_rows AS r SET form = '', request = '' WHERE ` + endedWith,
	`UPDATE import_rows SET meeting_id = NULL WHERE meeting_id = $1`,
	`DELETE FROM meetings WHERE id = $1`,
}

// isOldImport is an SQL condition that is true if an import ended before time $1, or was
// uploaded before that time and never started.
const isOldImport = `state IN ('draft', 'done', 'cancelled') AND coalesce(finished_at, created_at) < $1`

func purgeImport(ctx context.Context, tx *sql.Tx, before int64) (removed bool, err error) {
	const q = `DELETE FROM imports WHERE id = (SELECT min(id) FROM imports WHERE ` + isOldImport + `)`
	result, err := tx.ExecContext(ctx, q, before)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func purgeSomeEntries(ctx context.Context, tx *sql.Tx, before int64) (n int, err error) {
	if err := openRetention(ctx, tx, "audit", before); err != nil {
		return 0, err
	}
	const q = `DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)`
	result, err := tx.ExecContext(ctx, q, before, purgeEntries)
	if err != nil {
		return 0, err
	}
	removed, err := result.RowsAffected()
	if err != nil {
		return 0, err
	}
	return int(removed), closeRetention(ctx, tx)
}

// openRetention lets the transaction change the append-only tables; see the triggers in
// the migrations. closeRetention must be called before the commit.
func openRetention(ctx context.Context, tx *sql.Tx, subject string, before int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO retention (subject, before) VALUES ($1, $2)`, subject, before)
	return err
}

func closeRetention(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM retention`)
	return err
}

func readIDs(ctx context.Context, tx *sql.Tx, q string, args ...any) (ids []int64, err error) {
	rows, err := tx.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
