//go:build race

package linear

// unmeasured is the reason for skipping measurements: under the race detector,
// recursion and memory cost more than their size suggests.
const unmeasured = "linear time is measured without the race detector"
