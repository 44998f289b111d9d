package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How much a person may look up: more than anybody types, and too little to go
// through all tickets, or all of the directory.
const (
	guardEvery  = 2 * time.Second
	guardBurst  = 30
	peopleEvery = 200 * time.Millisecond
	peopleBurst = 50
	maxExports  = 8 // at once, of all people together: each keeps a few megabytes for as long as somebody reads
)

// limiter bounds what each person may do, by user ID.
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

// allow counts one use, and reports whether the person had it left.
func (l *limiter) allow(userID int64) bool { return l.of(userID).AllowN(l.now(), 1) }

// left reports whether the person may do it once more; it counts nothing.
func (l *limiter) left(userID int64) bool { return l.of(userID).TokensAt(l.now()) >= 1 }

func (l *limiter) of(userID int64) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.people[userID]
	if one == nil {
		one = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.people[userID] = one
	}
	return one
}
