package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// auditDelay is how long a line of the audit may wait to be written together with
// others.
const auditDelay = 500 * time.Millisecond

// waiting are lines of the audit that are not yet written.
type waiting struct {
	writing sync.Mutex // one writes, and whoever closes the store waits for it
	mu      sync.Mutex
	lines   []auditLine
	failed  bool // the last time they were to be written
}

type auditLine struct {
	at             time.Time
	userID         int64
	action, detail string
}

// AuditSoon is Audit for what is looked at all the time, lists and searches: the
// line is written within half a second, together with others, so that nobody
// waits for the disk to read a page. A crash within that time loses it. Where
// writing failed, the next call writes at once, and returns why it could not.
func (s *Store) AuditSoon(ctx context.Context, userID int64, action, detail string) error {
	w := &s.waiting
	w.mu.Lock()
	w.lines = append(w.lines, auditLine{s.now(), userID, action, detail})
	first, failed := len(w.lines) == 1, w.failed
	w.mu.Unlock()
	if failed {
		return s.SettleAudit(ctx)
	}
	if first {
		time.AfterFunc(auditDelay, func() { _ = s.SettleAudit(context.Background()) }) // the next call tells
	}
	return nil
}

// SettleAudit writes the lines that wait.
func (s *Store) SettleAudit(ctx context.Context) error {
	w := &s.waiting
	w.writing.Lock()
	defer w.writing.Unlock()
	w.mu.Lock()
	lines := w.lines
	w.lines = nil
	w.mu.Unlock()
	if len(lines) == 0 {
		return nil
	}
	uncut := context.WithoutCancel(ctx)
	err := s.transactApart(uncut, func(tx *sql.Tx) error {
		for _, l := range lines {
			if err := insertAudit(uncut, tx, l.at, l.userID, l.action, 0, l.detail); err != nil {
				return err
			}
		}
		return nil
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed = err != nil; w.failed {
		w.lines = append(lines, w.lines...)
	}
	return err
}
