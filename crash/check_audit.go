package main

import (
	"context"
	"database/sql"

	"meetdesk/store"
)

// audited identifies entries in the audit log. The meeting is 0 if the action does not
// concern a meeting.
type audited struct {
	upn     string
	action  store.AuditAction
	meeting int64
}

// checkAudit reports acknowledged actions that are missing from the audit log. The log may
// also contain actions that were never acknowledged, because some responses get lost.
func (s *series) checkAudit(ctx context.Context, db *sql.DB) error {
	have := make(map[audited]int)
	const q = `SELECT u.upn, a.action, coalesce(a.meeting_id, 0), count(*) FROM audit a JOIN users u ON u.id = a.user_id GROUP BY 1, 2, 3`
	err := each(ctx, db, q, func(scan func(...any) error) error {
		var (
			entry audited
			n     int
		)
		err := scan(&entry.upn, &entry.action, &entry.meeting, &n)
		have[entry] = n
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range s.people {
		s.ledger.audit[audited{p.upn, store.AuditSignIn, 0}] = p.session().number
	}
	for entry, n := range s.ledger.audit {
		if have[entry] < n {
			s.report(lost, "the audit log has %d entries for %d acknowledged actions: %s by %s on meeting %d", have[entry], n, entry.action, entry.upn, entry.meeting)
		}
	}
	return nil
}
