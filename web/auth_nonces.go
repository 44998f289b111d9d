package web

import "sync"

// maxNonces is the maximum number of finished sign-ins that are remembered. They take less
// than 3 MB of memory. Forgetting one is harmless: Microsoft redeems a code only once.
const maxNonces = 20_000

// usedNonces keeps the nonces of finished sign-ins in memory, so that no sign-in is
// finished twice. The nonces are lost on a restart, but restarts are too rare to be
// exploited.
type usedNonces struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string // the same nonces in the order in which they were added; once the ring is full, ring[next] is the oldest
	next  int
}

// add remembers the nonce and reports whether it is new. If several callers add the same
// nonce at the same time, it returns true to only one of them.
func (u *usedNonces) add(nonce string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, used := u.known[nonce]; used {
		return false
	}
	if u.known == nil {
		u.known = make(map[string]struct{})
	}
	if len(u.ring) < maxNonces {
		u.ring = append(u.ring, nonce)
	} else {
		delete(u.known, u.ring[u.next])
		u.ring[u.next] = nonce
		u.next = (u.next + 1) % maxNonces
	}
	u.known[nonce] = struct{}{}
	return true
}
