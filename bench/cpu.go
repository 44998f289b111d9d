package main

import (
	"context"
	"time"
)

// The two servers take turns at answering blocks of requests. A block uses so much CPU
// time that the resolution of /proc hardly matters.
const (
	cpuBlocks = 5
	cpuBlock  = 300 * time.Millisecond
	cpuWarm   = 20 * clients // number of requests before the measurement
)

// side is one of the two servers that are compared.
type side struct {
	used    func() (time.Duration, error) // the CPU time that the server has used
	workers int                           // how many requests are made at the same time
	browser *browser
	paths   []string
}

// compare returns the CPU time per request of both servers. It measures the servers in
// turn.
func compare(ctx context.Context, desk, bare side) (own, floor time.Duration, err error) {
	var (
		sides = []side{desk, bare}
		block [2]int
		spent [2]time.Duration
		asked [2]int
	)
	for i, s := range sides {
		warm, done, err := s.spend(ctx, cpuWarm)
		if err != nil {
			return 0, 0, err
		}
		block[i] = min(max(int(cpuBlock*time.Duration(done)/max(warm, tick)), clients), 4000)
	}
	for range cpuBlocks {
		for i, s := range sides {
			took, done, err := s.spend(ctx, block[i])
			if err != nil {
				return 0, 0, err
			}
			spent[i] += took
			asked[i] += done
		}
	}
	return spent[0] / time.Duration(asked[0]), spent[1] / time.Duration(asked[1]), nil
}

// spend makes n requests. It returns the CPU time that the server used for them and the
// number of responses.
func (s side) spend(ctx context.Context, n int) (took time.Duration, done int, err error) {
	took, err = cpuOf(s.used, func() error {
		done, err = s.browser.crowd(ctx, s.workers, s.paths, n)
		return err
	})
	return took, done, err
}
