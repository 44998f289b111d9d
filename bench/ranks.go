package main

import (
	"math/rand/v2"
	"sort"
)

// ranks picks items by Zipf's law with a flattened head: item k is picked with a weight
// of 1/(k+flat).
type ranks []float64 // cumulative weights

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
