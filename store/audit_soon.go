package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"meetdesk/store/sqlitedb"
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
// writing failed, the next call tries once more at first, and where that fails too
// it returns why, and the look that was not let through is not kept.
func (s *Store) AuditSoon(ctx context.Context, userID int64, action, detail string) error {
	w := &s.waiting
	w.mu.Lock()
	failed := w.failed
	w.mu.Unlock()
	if failed {
		if err := s.SettleAudit(ctx); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, auditLine{s.now(), userID, action, detail})
	if len(w.lines) == 1 {
		s.settleLater()
	}
	return nil
}

// settleLater writes what waits after the delay, and goes on trying where that fails.
func (s *Store) settleLater() {
	time.AfterFunc(auditDelay, func() {
		if s.SettleAudit(context.Background()) != nil && !s.closed.Load() {
			s.settleLater()
		}
	})
}

// SettleAudit writes the lines that wait, together or else one by one. A line
// about a person whom the database does not have can never be written: it is
// logged and dropped. Any other that fails is kept and tried again.
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
	if s.writeLines(ctx, lines) == nil {
		lines = nil
	}
	var kept []auditLine
	var err error
	for _, l := range lines {
		switch failed := s.writeLines(ctx, []auditLine{l}); {
		case sqlitedb.IsForeignKey(failed):
			s.log.ErrorContext(ctx, "audit line dropped", "user", l.userID, "action", l.action, "detail", l.detail, "error", failed)
		case failed != nil:
			kept, err = append(kept, l), failed
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed, w.lines = err != nil, append(kept, w.lines...)
	return err
}

func (s *Store) writeLines(ctx context.Context, lines []auditLine) error {
	uncut := context.WithoutCancel(ctx)
	return s.transactApart(uncut, func(tx *sql.Tx) error {
		for _, l := range lines {
			if err := insertAudit(uncut, tx, l.at, l.userID, l.action, 0, l.detail); err != nil {
				return err
			}
		}
		return nil
	})
}
