//go:build race

package linear

// every is the distance from one unit that is tried to the next: the race detector
// makes the parsers ten times as slow, and what it looks for is not here.
const every = 8
