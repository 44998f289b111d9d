package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"meetdesk/store/postgresdb"
	"meetdesk/store/sqlitedb"
)

// auditDelay is the delay between queuing the first entry and writing the queue. It allows
// one transaction to write several entries.
const auditDelay = 500 * time.Millisecond

// lastFlushLimit limits how long Close waits for an unreachable database. A PostgreSQL
// failover usually takes less time, and service managers wait longer before they kill a
// process.
const lastFlushLimit = 10 * time.Second

type auditQueue struct {
	writing sync.Mutex // held while entries are written, so that Close waits for them
	mu      sync.Mutex
	entries []auditEntry
	failed  bool // whether the last write failed
}

// AuditSoon queues an entry for a list or search without waiting for the disk. Queued
// entries are written within half a second. A crash before then loses them. If earlier
// entries cannot be written, AuditSoon returns an error, and the caller must not show the
// page.
func (s *Store) AuditSoon(ctx context.Context, userID int64, action AuditAction, meetingID int64, detail string) error {
	queue := &s.auditQueue
	queue.mu.Lock()
	failed := queue.failed
	queue.mu.Unlock()
	if failed {
		if err := s.FlushAudit(ctx); err != nil {
			return unrecorded(ctx, err)
		}
	}
	s.queueEntry(auditEntry{at: s.now(), userID: userID, action: action, meetingID: meetingID, detail: detail, address: addressIn(ctx)})
	return nil
}

// AuditExported queues the entry for the end of an export with the number of rows sent. It
// returns no error, because the rows have already been sent.
func (s *Store) AuditExported(ctx context.Context, userID int64, action AuditAction, rows int, detail string) {
	count := sql.NullInt64{Int64: int64(rows), Valid: true}
	s.queueEntry(auditEntry{at: s.now(), userID: userID, action: action, detail: detail, address: addressIn(ctx), count: count})
}

func (s *Store) queueEntry(e auditEntry) {
	queue := &s.auditQueue
	queue.mu.Lock()
	defer queue.mu.Unlock()
	queue.entries = append(queue.entries, e)
	if len(queue.entries) == 1 {
		s.flushLater()
	}
}

// flushLater writes the queue after the delay. If that fails, it tries again after the
// same delay.
func (s *Store) flushLater() {
	time.AfterFunc(auditDelay, func() {
		if s.FlushAudit(context.Background()) != nil && !s.closed.Load() {
			s.flushLater()
		}
	})
}

// FlushAudit writes the queued entries. Entries that refer to unknown people or meetings
// are logged and dropped. Other entries that cannot be written remain in the queue, and
// FlushAudit returns the error.
func (s *Store) FlushAudit(ctx context.Context) error {
	queue := &s.auditQueue
	queue.writing.Lock()
	defer queue.writing.Unlock()
	queue.mu.Lock()
	entries := queue.entries
	queue.entries = nil
	queue.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	if s.writeEntries(ctx, entries) == nil {
		entries = nil
	}
	var (
		unwritten []auditEntry
		err       error
	)
	for i, e := range entries {
		failed := s.writeEntries(ctx, []auditEntry{e})
		if postgresdb.IsUnreachable(failed) { // each further attempt could take as long
			unwritten, err = append(unwritten, entries[i:]...), failed
			break
		}
		switch {
		case sqlitedb.IsForeignKey(failed) || postgresdb.IsForeignKey(failed):
			s.logDropped(ctx, e, failed)
		case failed != nil:
			unwritten, err = append(unwritten, e), failed
		}
	}
	queue.mu.Lock()
	defer queue.mu.Unlock()
	queue.failed, queue.entries = err != nil, append(unwritten, queue.entries...)
	return err
}

// flushLastAudit writes the queue before the store closes. If the database is unreachable,
// it retries for up to lastFlushLimit. Entries that cannot be written are logged.
func (s *Store) flushLastAudit(ctx context.Context) error {
	err := s.FlushAudit(ctx)
	for until := time.Now().Add(lastFlushLimit); postgresdb.IsUnreachable(err) && time.Now().Before(until); err = s.FlushAudit(ctx) {
		time.Sleep(auditDelay)
	}
	s.auditQueue.mu.Lock()
	defer s.auditQueue.mu.Unlock()
	if err != nil {
		for _, e := range s.auditQueue.entries {
			s.logDropped(ctx, e, err)
		}
	}
	return err
}

func (s *Store) logDropped(ctx context.Context, e auditEntry, err error) {
	s.log.ErrorContext(ctx, "audit entry dropped", "user", e.userID, "action", e.action, "meeting", e.meetingID, "detail", e.detail, "error", err)
}

func (s *Store) writeEntries(ctx context.Context, entries []auditEntry) error {
	uncut := context.WithoutCancel(ctx)
	return s.engine.transactAside(uncut, func(tx *sql.Tx) error {
		for _, e := range entries {
			if err := insertEntry(uncut, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
