package testenv

import "testing"

// SkipUnderRace skips the test if it is built with the race detector, which makes SQLite
// and parsers ten times as slow. Use it for tests that measure, and for tests that repeat
// one thing many times in sequence. With RACE=1, "make test" runs them afterwards without
// the race detector: the Makefile lists their names in without_race.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	if Race {
		t.Skip("runs without the race detector")
	}
}
