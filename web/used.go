package web

import "sync"

// mostUsed is how many finished sign-ins are remembered, in about 3 MB of memory. The
// oldest is forgotten first. To finish one of them again, somebody would have to finish
// 20,000 others within 15 minutes, and would gain nothing: Microsoft redeems a code
// once.
const mostUsed = 20_000

// usedOnce remembers which keys were used. It keeps them in memory only: a restart is
// too rare to be exploited.
type usedOnce struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string // the same, the oldest at next once it is full
	next  int
}

// first reports whether the key is used for the first time. If two callers ask at once,
// one of them gets true.
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
