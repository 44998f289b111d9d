//go:build !race

package linear

const unmeasured = ""
