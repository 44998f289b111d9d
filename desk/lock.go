package desk

import "sync"

// keyedLock is a mutex per key. The zero value is ready for use.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]*keyed
}

type keyed struct {
	mu    sync.Mutex
	users int // holding or waiting
}

// lock takes the key's mutex and returns what gives it back.
func (k *keyedLock) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = make(map[string]*keyed)
	}
	one := k.held[key]
	if one == nil {
		one = new(keyed)
		k.held[key] = one
	}
	one.users++
	k.mu.Unlock()

	one.mu.Lock()
	return func() {
		one.mu.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(k.held, key)
		}
	}
}
