package main

import (
	"slices"
	"testing"
)

// A session that ended counts as lost unless the provider refused its grant.
func TestUnexplainedSessions(t *testing.T) {
	refused := "level=INFO msg=\"" + refusedGrant + "; its sessions end\" user=3\n"
	for log, want := range map[string][]string{"": {"a", "b"}, refused: {"b"}, refused + refused: {}, refused + refused + refused: {}} {
		if got := unexplained([]string{"a", "b"}, log); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", log, got, want)
		}
	}
}
