package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
)

// settleLimit is how long it may take to settle all attempts. The same limit applies to
// indexing.
const settleLimit = 100 * time.Second

// openAttempt is an attempt that is pending or unfinished.
type openAttempt struct {
	id, meeting int64
	upn, kind   string
	state       meeting.AttemptState
}

// settle uses the desk's pages to retry or dismiss all open attempts and to refresh the
// meetings that dismissed attempts may have changed. It then waits until everything is
// indexed.
func (r *round) settle(ctx context.Context) error {
	if err := r.site.calm(ctx); err != nil {
		return err
	}
	db, err := r.site.openToRead()
	if err != nil {
		return err
	}
	defer db.Close()
	seen := make(map[int64]bool)
	for deadline := time.Now().Add(settleLimit); ; time.Sleep(50 * time.Millisecond) {
		list, err := openAttempts(ctx, db)
		if err != nil {
			return err
		}
		for _, a := range list {
			seen[a.id] = true
			if err := r.finish(ctx, a); err != nil && time.Now().After(deadline) {
				r.report(stuck, "attempt %d (%s of meeting %d by %s): %v", a.id, a.kind, a.meeting, a.upn, err)
			}
		}
		unsure, err := r.refreshUnsure(ctx, db)
		if err != nil {
			return err
		}
		if len(list)+unsure == 0 {
			break
		}
		if time.Now().After(deadline) {
			r.report(stuck, "%d attempts are unfinished, and %d meetings need a refresh, after %v", len(list), unsure, settleLimit)
			break
		}
	}
	r.total.settled += len(seen)
	return awaitIndex(ctx, db)
}

func openAttempts(ctx context.Context, db *sql.DB) (list []openAttempt, err error) {
	const q = `SELECT a.id, a.meeting_id, u.upn, a.kind, a.state FROM attempts a JOIN users u ON u.id = a.actor_id WHERE a.state IN ('pending', 'unfinished') ORDER BY a.id`
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a openAttempt
		if err := rows.Scan(&a.id, &a.meeting, &a.upn, &a.kind, &a.state); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// finish retries or dismisses the attempt on the meeting's page, as the user who started
// the attempt. It retries most attempts.
func (r *round) finish(ctx context.Context, a openAttempt) error {
	t := r.tabOf(a.upn)
	if err := t.signIn(ctx); err != nil {
		return err
	}
	p, err := t.see(ctx, paths.Meeting(a.meeting))
	if err != nil {
		return err
	}
	retry, canRetry := p.form(paths.RetryAttempt(a.id))
	dismiss, canDismiss := p.form(paths.DismissAttempt(a.id))
	var (
		then   page
		action store.AuditAction
	)
	switch {
	case canRetry && (!canDismiss || r.rng.IntN(5) > 0):
		then, err = t.send(ctx, paths.RetryAttempt(a.id), retry)
		action = store.AuditRetry
	case canDismiss:
		then, err = t.send(ctx, paths.DismissAttempt(a.id), dismiss)
		action = store.AuditDismiss
	default:
		err = fmt.Errorf("the page has no button for it, but %q", p.actions)
	}
	if err == nil && meetingOf(then) == a.meeting && a.state == meeting.AttemptUnfinished {
		r.ledger.acknowledged(string(action), audited{a.upn, action, a.meeting})
	}
	for _, link := range p.links { // if the tokens were lost, the page has a link to sign in again
		if strings.HasPrefix(link, paths.SignIn(paths.Meeting(a.meeting), "")+"&") {
			_, err = t.see(ctx, link)
		}
	}
	return err
}

// refreshUnsure refreshes the meetings that dismissed attempts may have changed and returns
// how many there are. It skips meetings that no longer exist at Microsoft.
func (r *round) refreshUnsure(ctx context.Context, db *sql.DB) (n int, err error) {
	const q = `SELECT m.id, u.upn FROM meetings m JOIN users u ON u.id = m.organizer_id WHERE m.state = 'live' AND EXISTS (
		SELECT 1 FROM attempts a WHERE a.meeting_id = m.id AND a.state = 'dismissed'
		AND NOT EXISTS (SELECT 1 FROM replies r WHERE r.meeting_id = m.id AND r.at > a.updated_at)
		AND NOT EXISTS (SELECT 1 FROM attempts n WHERE n.meeting_id = m.id AND n.id > a.id AND n.reason = 'reason.not_found'))`
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	unsure := make(map[int64]string)
	for rows.Next() {
		var (
			id  int64
			upn string
		)
		if err := rows.Scan(&id, &upn); err != nil {
			return 0, err
		}
		unsure[id] = upn
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for id, upn := range unsure {
		t := r.tabOf(upn)
		if err := t.signIn(ctx); err != nil {
			return 0, err
		}
		if _, err := t.send(ctx, paths.RefreshMeeting(id), nil); err != nil {
			return 0, err
		}
	}
	return len(unsure), nil
}

func awaitIndex(ctx context.Context, db *sql.DB) error {
	for deadline := time.Now().Add(settleLimit); ; time.Sleep(20 * time.Millisecond) {
		var queued int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM index_queue`).Scan(&queued); err != nil || queued == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the index queue is not empty after %v", settleLimit)
		}
	}
}
