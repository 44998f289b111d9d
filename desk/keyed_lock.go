package desk

import (
	"context"
	"sync"

	"meetdesk/meeting"
)

// keyedLock is a mutex per key. The zero value is ready for use.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]*keyedEntry
}

type keyedEntry struct {
	free  chan struct{} // holds one token while nobody has the lock
	users int           // holding or waiting
}

// lock takes the key's mutex and returns what gives it back. It waits until
// the context ends, and is an Unavailable error then.
func (k *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	if k.held == nil {
		k.held = make(map[string]*keyedEntry)
	}
	one := k.held[key]
	if one == nil {
		one = &keyedEntry{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		k.held[key] = one
	}
	one.users++
	k.mu.Unlock()

	select {
	case <-one.free:
		return func() {
			one.free <- struct{}{}
			k.leave(key, one)
		}, nil
	case <-ctx.Done():
		k.leave(key, one)
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonAttemptRunning, Err: ctx.Err()}
	}
}

func (k *keyedLock) leave(key string, one *keyedEntry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(k.held, key)
	}
}
