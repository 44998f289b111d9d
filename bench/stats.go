package main

import (
	"cmp"
	"math"
	"slices"
)

// quantile returns the smallest value v such that at least a fraction q of the values are
// at most v (nearest rank): 0.5 gives the median, 1 the maximum. It returns the zero
// value if there are no values.
func quantile[T cmp.Ordered](values []T, q float64) (v T) {
	if len(values) == 0 {
		return v
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

func median[T cmp.Ordered](values []T) T { return quantile(values, 0.5) }
