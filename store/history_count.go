package store

import (
	"context"
	"fmt"
)

// countedTo is as far as a list is counted.
const countedTo = 10_000

// HistoryCount returns how many meetings the list holds, wherever the query's
// page begins. all is false where there are more than n, or may be.
func (s *Store) HistoryCount(ctx context.Context, q HistoryQuery) (n int, all bool, err error) {
	q.At, q.Back = Cursor{}, false
	l, err := s.listing(ctx, q)
	if err != nil || l.nothing {
		return 0, true, err
	}
	limit := countedTo
	if l.match != "" {
		limit = lookedIn
	}
	var b binds
	count := `SELECT count(*) FROM (` + l.candidates(&b, limit+1) + `)`
	if l.filtered() {
		b = binds{}
		count = `SELECT count(*) FROM (` + l.candidates(&b, l.look(0)) + `) c CROSS JOIN meetings m ON m.id = c.id WHERE ` + l.filter(&b)
	}
	if err := s.read.QueryRowContext(ctx, count, b.values...).Scan(&n); err != nil {
		return 0, false, fmt.Errorf("count: %w", err)
	}
	if n > limit {
		return limit, false, nil
	}
	end, _, err := s.lookedTo(ctx, l)
	return n, end == Cursor{}, err
}
