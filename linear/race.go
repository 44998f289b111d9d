//go:build race

package linear

// unmeasured is why nothing is measured here: the race detector makes recursion and
// memory cost more the more there is of it.
const unmeasured = "linear time is measured without the race detector"
