package testenv

import "testing"

// SkipUnderRace skips the test under the race detector, which makes SQLite and parsers
// ten times as slow. A test that calls it must be listed in without_race in the Makefile.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	if Race {
		t.Skip("runs without the race detector")
	}
}
