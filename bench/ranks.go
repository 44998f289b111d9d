package main

import (
	"math/rand/v2"
	"sort"
)

// ranks picks from so many things of which the k-th comes up about 1/(k+flat)
// as often as they all do: Zipf's law, with a flattened head.
type ranks []float64 // sums of the weights up to each

func newRanks(n int, flat float64) ranks {
	sums, sum := make(ranks, n), 0.0
	for k := range sums {
		sum += 1 / (float64(k) + flat)
		sums[k] = sum
	}
	return sums
}

func (s ranks) pick(r *rand.Rand) int {
	return sort.SearchFloat64s(s, r.Float64()*s[len(s)-1])
}
