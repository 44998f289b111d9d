package desk

import (
	"context"
	"sync"

	"meetdesk/meeting"
)

// keyedLock contains a mutex for each key. The zero value is ready for use.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]*keyedEntry
}

type keyedEntry struct {
	free  chan struct{} // contains one element while the lock is free
	users int           // number of callers that hold the lock or wait for it
}

// lock locks the mutex for the key and returns a function that unlocks it. If the context
// ends first, it returns an Unavailable error.
func (k *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	if k.held == nil {
		k.held = make(map[string]*keyedEntry)
	}
	entry := k.held[key]
	if entry == nil {
		entry = &keyedEntry{free: make(chan struct{}, 1)}
		entry.free <- struct{}{}
		k.held[key] = entry
	}
	entry.users++
	k.mu.Unlock()

	select {
	case <-entry.free:
		return func() {
			entry.free <- struct{}{}
			k.leave(key, entry)
		}, nil
	case <-ctx.Done():
		k.leave(key, entry)
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonAttemptRunning, Err: ctx.Err()}
	}
}

func (k *keyedLock) leave(key string, entry *keyedEntry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if entry.users--; entry.users == 0 {
		delete(k.held, key)
	}
}
