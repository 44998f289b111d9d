package web

import "sync"

// maxNonces is the maximum number of finished sign-ins that are remembered. They take
// about 3 MB of memory. The oldest is forgotten first. To finish a sign-in again,
// somebody would have to finish 20,000 others within 15 minutes, and would gain nothing:
// Microsoft redeems a code only once.
const maxNonces = 20_000

// usedNonces remembers the nonces of finished sign-ins, so that none is finished twice.
// It keeps them only in memory, because restarts are too rare to be exploited.
type usedNonces struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string // the same nonces in the order in which they were added; once the ring is full, the oldest is at next
	next  int
}

// add remembers the nonce and reports whether it is new. If two callers add the same
// nonce at once, only one of them gets true.
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
