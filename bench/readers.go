package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"
)

// While pages are read, createsPerSecond meetings are created per second, for createSeconds.
// The constant creators is the maximum number of concurrent creates.
const (
	createsPerSecond = 100
	createSeconds    = 10
	creators         = 24
)

func (b *bench) readersDuringCreates(ctx context.Context, c *crew) ([]figure, error) {
	b.say("readers during %d creates a second", createsPerSecond)
	targets, err := targetsOf(ctx, c.filled, busyMember, 32)
	if err != nil {
		return nil, err
	}
	common := searchesIn(c.filled)[1].queries
	var rate float64
	created := make(chan error, 1)
	go func() {
		var err error
		rate, err = c.createSteadily(ctx)
		created <- err
	}()
	took, idle, err := c.during(ctx, c.helpDesk, "", func(i int) error {
		paths := []string{"/history", searchPath(common[i%len(common)]), fmt.Sprintf("/meetings/%d", targets[i%len(targets)].id)}
		_, _, err := c.helpDesk.get(ctx, paths[i%len(paths)])
		return err
	}, createSeconds*clients*perSecond)
	if err = errors.Join(err, <-created); err != nil {
		return nil, err
	}
	return []figure{{
		name:  fmt.Sprintf("readers during %.0f creates a second, 99th percentile", rate),
		value: quantile(took, 0.99), median: median(took), floor: quantile(idle, 0.99), under: readersGoal,
	}}, nil
}

// createSteadily creates createsPerSecond meetings per second, or fewer if the machine
// cannot keep up. It returns the actual rate.
func (c *crew) createSteadily(ctx context.Context) (rate float64, err error) {
	begun := time.Now()
	took, err := c.createPaced(ctx, createsPerSecond, createsPerSecond*createSeconds, phaseLimit)
	return float64(len(took)) / time.Since(begun).Seconds(), err
}

// createPaced creates up to n meetings at the given rate per second. It stops early if the
// time limit is reached, and returns how long each create took.
func (c *crew) createPaced(ctx context.Context, rate, n int, limit time.Duration) (took []time.Duration, err error) {
	// The external IDs need a unique prefix, because a reused directory contains the
	// meetings of earlier runs.
	people, run := []*browser{c.busy, c.admin}, rand.Text()[:8]
	begun := time.Now()
	var mu sync.Mutex
	_, err = inParallel(creators, n, begun.Add(limit), func(i int) error {
		if err := sleepUntil(ctx, begun.Add(time.Duration(i)*time.Second/time.Duration(rate))); err != nil {
			return err
		}
		_, one, err := people[i%len(people)].create(ctx, fmt.Sprintf("%s-%d", run, i))
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, one)
		return nil
	})
	return took, err
}
