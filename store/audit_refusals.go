package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// These limits keep a flood of refused requests from filling the disk. In each period, at
// most personsRefusals entries are written for each person, and at most strangersRefusals
// for all clients without a session together. Further refusals are only counted.
const (
	refusalPeriod     = time.Minute
	personsRefusals   = 60
	strangersRefusals = 10
)

// refusals counts the refused requests of the current minute. The counts are in memory
// only, so a crash loses them.
type refusals struct {
	mu     sync.Mutex
	counts map[refusal]int64 // the number of repetitions after the refusal's entry was written
	kinds  map[int64]int     // the number of entries written for each user ID; 0 means no session
}

type refusal struct {
	userID, meetingID int64
	detail, address   string
}

// AuditRefusal records that the desk refused a request. userID is 0 if there is no
// session. The first refusal of its kind in a minute is on the disk when AuditRefusal
// returns nil. Repetitions and refusals beyond the limits are only counted.
func (s *Store) AuditRefusal(ctx context.Context, userID, meetingID int64, detail string) error {
	r := refusal{userID, meetingID, detail, addressIn(ctx)}
	if !s.refusals.isNew(r, s.endRefusals) {
		return nil
	}
	err := insertAudit(ctx, s.aside, s.now(), userID, AuditRefused, meetingID, detail)
	if err != nil {
		s.refusals.isNew(r, s.endRefusals) // counts the refusal, because it has no entry
	}
	return err
}

// isNew reports whether the refusal needs an entry. If it does not, isNew counts the
// refusal. atEnd is called at the end of the minute.
func (c *refusals) isNew(r refusal, atEnd func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts, c.kinds = make(map[refusal]int64), make(map[int64]int)
		time.AfterFunc(refusalPeriod, atEnd)
	}
	limit := personsRefusals
	if r.userID == 0 {
		limit = strangersRefusals
	}
	n, known := c.counts[r]
	switch {
	case known:
		c.counts[r] = n + 1
	case c.kinds[r.userID] < limit:
		c.counts[r] = 0
		c.kinds[r.userID]++
		return true
	default:
		c.counts[refusal{userID: r.userID, detail: refusedOtherwise}]++
	}
	return false
}

// refusedOtherwise is the detail of entries that count the refusals beyond the limits.
const refusedOtherwise = "others"

// endRefusals queues entries with the counts for the minute that has ended. While the queue
// is full or cannot be written, it continues counting instead. Otherwise, the queue would
// grow every minute.
func (s *Store) endRefusals() {
	if s.closed.Load() {
		return // Close has already queued the entries
	}
	s.auditQueue.mu.Lock()
	hasRoom := s.auditQueue.hasRoom()
	s.auditQueue.mu.Unlock()
	if !hasRoom {
		time.AfterFunc(refusalPeriod, s.endRefusals)
		return
	}
	s.queueRefusals()
}

// queueRefusals queues entries with the current counts and starts counting again.
func (s *Store) queueRefusals() {
	for _, e := range s.refusals.end(s.now()) {
		s.queueEntry(e)
	}
}

// end stops counting for the current minute and returns the entries for refusals that were
// only counted.
func (c *refusals) end(at time.Time) (entries []auditEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for r, n := range c.counts {
		if n > 0 {
			entries = append(entries, auditEntry{
				at: at, userID: r.userID, action: AuditRefused, meetingID: r.meetingID, detail: r.detail, address: r.address,
				count: sql.NullInt64{Int64: n, Valid: true},
			})
		}
	}
	c.counts, c.kinds = nil, nil
	return entries
}
