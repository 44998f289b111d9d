package main

import (
	"cmp"
	"math"
	"slices"
)

// quantile returns the q-quantile of the values by the nearest-rank method: 0.5 gives the
// median, 1 the maximum. If there are no values, it returns zero.
func quantile[T cmp.Ordered](values []T, q float64) (v T) {
	if len(values) == 0 {
		return v
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

func median[T cmp.Ordered](values []T) T { return quantile(values, 0.5) }
