package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many people ask at the same time.
const clients = 16

// inParallel calls do with 0 … n-1, each once and so many at a time, until one
// of them fails or the time is up. It returns how many were called.
func inParallel(workers, n int, until time.Time, do func(i int) error) (done int, err error) {
	var (
		next   atomic.Int64
		failed atomic.Bool
		wait   sync.WaitGroup
		mu     sync.Mutex
		errs   error
	)
	for range workers {
		wait.Go(func() {
			for !failed.Load() && time.Now().Before(until) {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					failed.Store(true)
					mu.Lock()
					errs = errors.Join(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return min(int(next.Load()), n), errs
}

// phaseLimit is how long one phase of requests may take, however slow the desk is.
const phaseLimit = 40 * time.Second

// crowd asks for the paths in turn, n times in all, as fast as answers come, and
// returns how many did within the limit.
func (b *browser) crowd(ctx context.Context, paths []string, n int) (done int, err error) {
	return inParallel(clients, n, time.Now().Add(phaseLimit), func(i int) error {
		_, _, err := b.get(ctx, paths[i%len(paths)])
		return err
	})
}

// perSecond is how often each client asks where it keeps to a pace: a help desk
// is no stress test, and a closed loop would measure the queue alone.
const perSecond = 6

// paced calls do n times, by clients of which each keeps the pace, unless the
// answers take longer.
func paced(ctx context.Context, n int, do func(i int) error) (done int, err error) {
	begun := time.Now()
	return inParallel(clients, n, begun.Add(phaseLimit), func(i int) error {
		if err := sleepUntil(ctx, begun.Add(time.Duration(i)*time.Second/(clients*perSecond))); err != nil {
			return err
		}
		return do(i)
	})
}

func sleepUntil(ctx context.Context, at time.Time) error {
	select {
	case <-time.After(time.Until(at)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
