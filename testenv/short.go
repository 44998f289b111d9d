package testenv

import "testing"

// SkipIfShort skips the test when only the quick tests are to run, as "make quick" does
// with go test -short.
func SkipIfShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip(`is not quick: "make test" runs it, and so does go test without -short`)
	}
}
