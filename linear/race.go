//go:build race

package linear

// unmeasured says why measurements are skipped. Under the race detector, recursion and
// memory cost more than the size of the input suggests.
const unmeasured = "linear time is measured without the race detector"
