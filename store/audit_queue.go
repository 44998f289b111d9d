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

// maxQueued is the number of queued entries, including those being written, at which
// AuditSoon queues no more. Without this limit, searches for long texts could fill the
// memory.
const maxQueued = 1000

type auditQueue struct {
	writing sync.Mutex // held while entries are written, so that Close waits for them
	mu      sync.Mutex
	entries []auditEntry
	taken   int   // the number of entries that are being written
	writes  int   // the number of writes that have ended
	failed  error // the error of the last write
}

// hasRoom reports whether another entry may be queued. The caller must hold q.mu.
func (q *auditQueue) hasRoom() bool {
	return q.failed == nil && len(q.entries)+q.taken < maxQueued
}

// AuditSoon queues an entry for a list or search without waiting for the disk. Queued
// entries are written within half a second; a crash before then loses them. If earlier
// entries could not be written or the queue is full, AuditSoon first writes the queue. If
// that fails, AuditSoon returns an error, and the caller must not show the page.
func (s *Store) AuditSoon(ctx context.Context, userID int64, action AuditAction, meetingID int64, detail string) error {
	e := auditEntry{at: s.now(), userID: userID, action: action, meetingID: meetingID, detail: detail, address: addressIn(ctx)}
	for !s.queueIfRoom(e) {
		if err := s.flushTogether(ctx); err != nil {
			return unrecorded(ctx, err)
		}
	}
	return nil
}

func (s *Store) queueIfRoom(e auditEntry) bool {
	s.auditQueue.mu.Lock()
	defer s.auditQueue.mu.Unlock()
	if !s.auditQueue.hasRoom() {
		return false
	}
	s.queueLocked(e)
	return true
}

// AuditExported queues the entry that records the end of an export and the number of rows
// sent. The rows have already been sent, so it returns no error and queues the entry even if
// the queue is full. While the audit log cannot be written, no further exports start.
func (s *Store) AuditExported(ctx context.Context, userID int64, action AuditAction, rows int, detail string) {
	count := sql.NullInt64{Int64: int64(rows), Valid: true}
	s.queueEntry(auditEntry{at: s.now(), userID: userID, action: action, detail: detail, address: addressIn(ctx), count: count})
}

func (s *Store) queueEntry(e auditEntry) {
	s.auditQueue.mu.Lock()
	defer s.auditQueue.mu.Unlock()
	s.queueLocked(e)
}

// queueLocked queues an entry. The caller must hold the queue's mu.
func (s *Store) queueLocked(e auditEntry) {
	queue := &s.auditQueue
	queue.entries = append(queue.entries, e)
	if len(queue.entries) == 1 {
		s.flushLater()
	}
}

// flushLater writes the queue after auditDelay. If that fails, it tries again after another
// auditDelay, unless the store has been closed.
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
	s.auditQueue.writing.Lock()
	defer s.auditQueue.writing.Unlock()
	return s.writeQueue(ctx)
}

// flushTogether is like FlushAudit, but if it has waited for another write and that write
// failed, it returns the same error instead of trying again. So if the database is locked,
// all requests wait for the lock together.
func (s *Store) flushTogether(ctx context.Context) error {
	queue := &s.auditQueue
	queue.mu.Lock()
	before := queue.writes
	queue.mu.Unlock()
	queue.writing.Lock()
	defer queue.writing.Unlock()
	if queue.failed != nil && queue.writes > before {
		return queue.failed
	}
	return s.writeQueue(ctx)
}

// writeQueue writes the queued entries. The caller must hold the queue's writing lock.
func (s *Store) writeQueue(ctx context.Context) error {
	queue := &s.auditQueue
	queue.mu.Lock()
	entries := queue.entries
	queue.entries, queue.taken = nil, len(entries)
	queue.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	unwritten, err := s.writeOrDrop(ctx, entries)
	queue.mu.Lock()
	defer queue.mu.Unlock()
	queue.entries, queue.taken = append(unwritten, queue.entries...), 0
	queue.failed = err
	queue.writes++
	return err
}

// writeOrDrop writes the entries, drops those that can never be written, and returns those
// that may be written later. If the database is not writable, it does not try the remaining
// entries, because each of them might wait just as long for a lock.
func (s *Store) writeOrDrop(ctx context.Context, entries []auditEntry) (unwritten []auditEntry, err error) {
	if s.writeEntries(ctx, entries) == nil {
		return nil, nil
	}
	for i, e := range entries {
		failed := s.writeEntries(ctx, []auditEntry{e})
		switch {
		case failed == nil:
		case Failure(failed) != nil:
			return append(unwritten, entries[i:]...), failed
		case sqlitedb.IsForeignKey(failed) || postgresdb.IsForeignKey(failed):
			s.logDropped(ctx, e, failed)
		default:
			unwritten, err = append(unwritten, e), failed
		}
	}
	return unwritten, err
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
