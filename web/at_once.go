package web

import (
	"context"
	"sync"
	"time"
)

// atOnce limits how many requests of a person or an address run at the same time.
type atOnce struct {
	mu      sync.Mutex
	running map[whose]*slots
}

type slots struct {
	taken chan struct{} // one element for each running request
	users int           // the number of requests that are running or waiting
}

// acquire takes one of the n slots of a person or an address. It gives up after the given
// time, or when the context ends. The caller must call release, unless release is nil
// because no slot became free.
func (a *atOnce) acquire(ctx context.Context, who whose, n int, wait time.Duration) (release func()) {
	a.mu.Lock()
	if a.running == nil {
		a.running = make(map[whose]*slots)
	}
	own := a.running[who]
	if own == nil {
		own = &slots{taken: make(chan struct{}, n)}
		a.running[who] = own
	}
	own.users++
	a.mu.Unlock()
	leave := func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if own.users--; own.users == 0 {
			delete(a.running, who)
		}
	}
	if take(ctx, own.taken, wait) {
		return func() { <-own.taken; leave() }
	}
	leave()
	return nil
}

// take adds an element to the channel. It returns false if that is not possible within the
// given time or before the context ends.
func take(ctx context.Context, taken chan struct{}, wait time.Duration) bool {
	select {
	case taken <- struct{}{}:
		return true
	default:
	}
	if wait == 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case taken <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
