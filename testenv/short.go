package testenv

import "testing"

// SkipIfShort skips the test in a quick run: "make quick" runs go test with -short.
func SkipIfShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip(`is not quick: "make test" runs it, and so does go test without -short`)
	}
}
