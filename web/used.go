package web

import "sync"

// mostUsed is how many finished sign-ins are remembered: some 3 MB of memory. The
// oldest is forgotten first. Whoever wants to finish one again that way has to
// begin and finish 20,000 others within its quarter of an hour, and gains nothing:
// Microsoft redeems its code once.
const mostUsed = 20_000

// usedOnce remembers what was used, in memory alone: a restart of the desk is too
// rare to be an opportunity.
type usedOnce struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string // the same, the oldest at next once it is full
	next  int
}

// first reports whether the key is used for the first time. Of two who ask at once
// one is the first.
func (u *usedOnce) first(key string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, used := u.known[key]; used {
		return false
	}
	if u.known == nil {
		u.known = make(map[string]struct{})
	}
	if len(u.ring) < mostUsed {
		u.ring = append(u.ring, key)
	} else {
		delete(u.known, u.ring[u.next])
		u.ring[u.next] = key
		u.next = (u.next + 1) % mostUsed
	}
	u.known[key] = struct{}{}
	return true
}
