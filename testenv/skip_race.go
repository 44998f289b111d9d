package testenv

import "testing"

// SkipUnderRace skips the test under the race detector, which makes SQLite and parsers
// about ten times slower. A test that calls SkipUnderRace must be in the Makefile's
// without_race list.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	if Race {
		t.Skip("runs without the race detector")
	}
}
