package main

import (
	"context"
	"time"
)

// Blocks of requests alternate between the two servers. A block is long enough that the
// resolution of CPU times in /proc is negligible.
const (
	cpuBlocks = 5
	cpuBlock  = 300 * time.Millisecond
	cpuWarm   = 20 * clients // number of requests before the measurement
)

// side is one of the two servers to compare.
type side struct {
	used    func() (time.Duration, error) // the CPU time that the server has used
	workers int
	browser *browser
	paths   []string
}

// compare returns the CPU time per request of each server. It alternates between the
// servers.
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

// spend sends up to n requests. It returns the CPU time that the server used for them and
// the number of responses.
func (s side) spend(ctx context.Context, n int) (took time.Duration, done int, err error) {
	took, err = cpuOf(s.used, func() error {
		done, err = s.browser.crowd(ctx, s.workers, s.paths, n)
		return err
	})
	return took, done, err
}
