package search

import "testing"

func TestGuesses(t *testing.T) {
	for _, tt := range []struct {
		typed, ticket string
		want          bool
	}{
		{"12322", "INC0012322", true}, {"INC12322", "INC0012322", true}, {"inc 12322", "INC0012322", true}, {"#12322", "INC0012322~2", true}, {"0012322", "INC0012322", true},
		{"12322", "REQ12322", true}, {"12322", "0012322", true}, {"INC00012322", "INC0012322", true}, {"inc7", "INC0000007", true}, {"１２３２２", "INC0012322", true},
		{"REQ12322", "INC0012322", false}, {"2322", "INC0012322", false}, {"12322", "INC00123220", false}, {"12322", "12-322", false}, {"1-2322", "INC0012322", false},
		{"7", "INC0000007", false}, {"12", "INC0000012", false}, {"inc", "INC", false}, {"000", "INC000", false}, {"12322 printer", "INC0012322", false}, {"", "", false},
	} {
		got := false
		for _, g := range Guesses([]string{tt.typed}) {
			got = got || g.MayMean(tt.ticket)
		}
		if got != tt.want {
			t.Errorf("%q may mean %q: %v, want %v", tt.typed, tt.ticket, got, tt.want)
		}
	}
}
