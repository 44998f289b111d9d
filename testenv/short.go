package testenv

import "testing"

// SkipIfShort skips the test if go test runs with -short, as it does in "make quick".
func SkipIfShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip(`is not quick: "make test" runs it, and so does go test without -short`)
	}
}
