//go:build race

package linear

// unmeasured says why nothing is measured: under the race detector, the cost of recursion
// and memory grows faster than their size.
const unmeasured = "linear time is measured without the race detector"
