package web

import (
	"context"
	"sync"
	"time"
)

// atOnce limits the number of concurrent requests from each person or address.
type atOnce struct {
	mu      sync.Mutex
	running map[whose]*slots
}

type slots struct {
	taken chan struct{} // one element per running request
	users int           // the number of requests that are running or waiting
}

// acquire takes one of the n slots of a person or an address. It waits for at most the
// given time, or until the context is done. If no slot becomes free, it returns nil.
// Otherwise, the caller must call the returned function to free the slot.
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

// take tries to send to the channel until the given time has passed or the context is done.
// It reports whether it succeeded.
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
