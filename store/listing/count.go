package listing

import (
	"context"
	"sync"
	"time"
)

// Count is the number of rows in a list, up to a limit.
type Count struct {
	N    int
	All  bool // whether the list has exactly N rows; if false, it may have more
	More bool // whether the list has more than N rows
}

// maxCount is the number of rows at which counting stops. In a search, counting stops at
// maxMatches instead.
const maxCount = 10_000

// HistoryCount returns the number of rows in the whole list. It stops counting at 10,000
// rows, or at 1,000 matches of a search. In a filtered list, it examines at most as many
// candidates as History does for one page.
func (l *Lists) HistoryCount(ctx context.Context, c Criteria) (n Count, err error) {
	c.At, c.Back, c.Limit = Cursor{}, false, 0
	c.From, c.To = c.From.UTC(), c.To.UTC()
	// Read the change counter first, so that a change during counting invalidates the
	// count.
	now, changes := l.now(), l.changes.Load()
	if n, ok := l.counts.get(c, changes, now); ok {
		return n, nil
	}
	n, err = l.count(ctx, c)
	if changesWithTime := c.Filter.State == Upcoming || c.Filter.State == Past || c.Filter.State == Unfinished; err == nil && (n.More || !changesWithTime) {
		l.counts.put(c, cachedCount{n, changes, now})
	}
	return n, err
}

func (l *Lists) count(ctx context.Context, c Criteria) (n Count, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r, ok, err := l.resolve(ctx, c)
	if err != nil || !ok {
		return Count{All: true}, err
	}
	limit := maxCount
	if r.isSearch() {
		limit = maxMatches
	}
	if n.N, err = l.db.count(ctx, r, limit+1); err != nil {
		return n, err
	}
	if n.N > limit {
		return Count{N: limit, More: true}, nil
	}
	end, _, err := l.examinedTo(ctx, r)
	n.All = end == Cursor{}
	return n, err
}

// countCache caches counts. A count is valid until a list may have changed. A count with
// More set is valid for a minute regardless of changes, because rows are rarely removed
// from a list.
type countCache struct {
	isShared bool // whether other desks may change the lists
	mu       sync.Mutex
	known    map[Criteria]cachedCount
}

type cachedCount struct {
	Count
	changes int64 // the change counter, read before the rows were counted
	at      time.Time
}

const (
	maxCounts = 1000 // the number of counts at which the cache is emptied
	moreHolds = time.Minute
	// sharedHolds is how long a count is valid if isShared is set and More is not.
	sharedHolds = time.Second
)

func (cache *countCache) get(c Criteria, changes int64, now time.Time) (n Count, ok bool) {
	cache.mu.Lock()
	defer cache.mu.Unlock()
	known, ok := cache.known[c]
	if known.More {
		return known.Count, now.Sub(known.at) < moreHolds
	}
	return known.Count, ok && known.changes == changes && (!cache.isShared || now.Sub(known.at) < sharedHolds)
}

func (cache *countCache) put(c Criteria, n cachedCount) {
	cache.mu.Lock()
	defer cache.mu.Unlock()
	if len(cache.known) >= maxCounts || cache.known == nil {
		cache.known = make(map[Criteria]cachedCount)
	}
	cache.known[c] = n
}
