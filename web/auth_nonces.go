package web

import "sync"

// maxNonces is the maximum number of stored nonces, which take less than 3 MB of memory.
// Discarding the oldest is harmless, because Microsoft redeems a code only once.
const maxNonces = 20_000

// usedNonces stores the nonces of finished sign-ins in memory, to prevent replay. They are
// lost on a restart, but restarts are too rare to be exploited.
type usedNonces struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string // nonces in insertion order; once full, ring[next] is the oldest
	next  int
}

// add stores the nonce and reports whether it is new. Of concurrent calls with the same
// nonce, only one returns true.
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
