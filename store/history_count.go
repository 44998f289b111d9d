package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// countedTo is as far as a list is counted.
const countedTo = 10_000

// counts keeps what was counted until something is recorded: a list is looked at
// more often than it changes, and to count ten thousand rows takes longer than to
// show fifty. That there are more than are counted is kept for a while whatever is
// recorded, since next to nothing ever leaves a list.
type counts struct {
	mu    sync.Mutex
	known map[HistoryQuery]counted
}

type counted struct {
	Count
	changes int64 // as many as there were before it was counted
	at      time.Time
}

// Count is how many rows a list has.
type Count struct {
	N    int
	All  bool // that is all; otherwise there may be others
	More bool // there are others
}

// maxCounts is how many counts are kept, and moreHolds how long that there are more.
const (
	maxCounts = 1000
	moreHolds = time.Minute
)

// get returns what was counted if it still holds.
func (c *counts) get(q HistoryQuery, changes int64, now time.Time) (found Count, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.known[q]
	if known.More {
		return known.Count, now.Sub(known.at) < moreHolds
	}
	return known.Count, ok && known.changes == changes
}

func (c *counts) put(q HistoryQuery, n counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxCounts || c.known == nil {
		c.known = make(map[HistoryQuery]counted)
	}
	c.known[q] = n
}

// HistoryCount counts the list, wherever the query's page begins, as far as that is
// quick: to 10,000 rows, or 1,000 matches of a search.
func (s *Store) HistoryCount(ctx context.Context, q HistoryQuery) (c Count, err error) {
	q.At, q.Back, q.Limit = Cursor{}, false, 0
	q.From, q.To = q.From.UTC(), q.To.UTC()
	now, changes := s.now(), s.changes.Load() // before counting: what is recorded meanwhile counts anew
	if c, ok := s.counts.get(q, changes, now); ok {
		return c, nil
	}
	c, err = s.count(ctx, q)
	if growsOld := q.Filter.State == Upcoming || q.Filter.State == Past; err == nil && (c.More || !growsOld) {
		s.counts.put(q, counted{c, changes, now})
	}
	return c, err
}

func (s *Store) count(ctx context.Context, q HistoryQuery) (c Count, err error) {
	l, err := s.listing(ctx, q)
	if err != nil || l.nothing {
		return Count{All: true}, err
	}
	limit := countedTo
	if l.match != "" {
		limit = lookedIn
	}
	var b binds
	sql := `SELECT count(*) FROM (` + l.candidates(&b, limit+1) + `)`
	if l.filtered() {
		b = binds{}
		sql = `SELECT count(*) FROM (` + l.candidates(&b, l.look(0)) + `) c CROSS JOIN meetings m ON m.id = c.id WHERE ` + l.filter(&b)
	}
	if err := s.lists.QueryRowContext(ctx, sql, b.values...).Scan(&c.N); err != nil {
		return c, fmt.Errorf("count: %w", err)
	}
	if c.N > limit {
		return Count{N: limit, More: true}, nil
	}
	end, _, err := s.lookedTo(ctx, l)
	c.All = end == Cursor{}
	return c, err
}
