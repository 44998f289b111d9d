package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const clients = 16

// inParallel calls do(0) to do(n-1) in several goroutines. It stops at the first error or
// at the deadline, and returns the number of calls.
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

const phaseLimit = 40 * time.Second

// crowd sends up to n requests as fast as possible, cycling through the paths, until
// phaseLimit is reached. It returns the number of responses.
func (b *browser) crowd(ctx context.Context, workers int, paths []string, n int) (done int, err error) {
	return inParallel(workers, n, time.Now().Add(phaseLimit), func(i int) error {
		_, _, err := b.get(ctx, paths[i%len(paths)])
		return err
	})
}

// perSecond is the request rate of each client. Without a fixed rate, requests would
// mostly wait in a queue.
const perSecond = 6

// paced calls do(0) to do(n-1) at a rate of clients*perSecond calls per second, until
// phaseLimit is reached.
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
