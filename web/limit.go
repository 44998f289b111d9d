package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The rates at which a person may look things up. They are high enough for anybody who
// types, but too low for a script to go through all tickets or the whole directory.
const (
	guardEvery  = 2 * time.Second
	guardBurst  = 30
	peopleEvery = 200 * time.Millisecond
	peopleBurst = 50
	maxExports  = 8 // the maximum number of exports in progress, for all people together; each takes a few MB of memory
)

// limiter limits how often each person may do something. It identifies people by their
// user ID.
type limiter struct {
	every time.Duration
	burst int
	now   func() time.Time

	mu     sync.Mutex
	people map[int64]*rate.Limiter
}

func newLimiter(every time.Duration, burst int, now func() time.Time) *limiter {
	return &limiter{every: every, burst: burst, now: now, people: make(map[int64]*rate.Limiter)}
}

// allow reports whether the person may act now. If so, it counts the action.
func (l *limiter) allow(userID int64) bool { return l.limitOf(userID).AllowN(l.now(), 1) }

// left reports whether the person may act now. It counts nothing.
func (l *limiter) left(userID int64) bool { return l.limitOf(userID).TokensAt(l.now()) >= 1 }

// limitOf returns the limiter for the given person, creating it if necessary.
func (l *limiter) limitOf(userID int64) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	limit := l.people[userID]
	if limit == nil {
		limit = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.people[userID] = limit
	}
	return limit
}
