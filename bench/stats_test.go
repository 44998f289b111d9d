package main

import "testing"

func TestQuantile(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = 100 - i // descending, to check that the order does not matter
	}
	for _, tt := range []struct {
		name   string
		values []int
		q      float64
		want   int
	}{
		{"none", nil, 0.5, 0},
		{"one", []int{7}, 0.99, 7},
		{"median of two is the lower", []int{9, 3}, 0.5, 3},
		{"median of three", []int{9, 3, 5}, 0.5, 5},
		{"median of a hundred", hundred, 0.5, 50},
		{"99th percentile of a hundred", hundred, 0.99, 99},
		{"99th percentile of a few is the largest", []int{4, 1, 2}, 0.99, 4},
		{"smallest", hundred, 0, 1},
		{"largest", hundred, 1, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := quantile(tt.values, tt.q); got != tt.want {
				t.Errorf("quantile(%v) = %d, want %d", tt.q, got, tt.want)
			}
		})
	}
	if hundred[0] != 100 {
		t.Error("the caller's values were sorted")
	}
}
