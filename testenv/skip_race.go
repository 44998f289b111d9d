package testenv

import "testing"

// SkipUnderRace skips the test if it is built with the race detector, which makes SQLite
// and parsers ten times as slow. Use it for tests that measure time or memory, and for
// tests that repeat one thing many times in sequence. The Makefile lists these tests in
// without_race, and "make test RACE=1" runs them afterwards without the race detector.
func SkipUnderRace(t testing.TB) {
	t.Helper()
	if Race {
		t.Skip("runs without the race detector")
	}
}
