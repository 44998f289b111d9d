package search_test

import (
	"strings"
	"testing"

	"meetdesk/search"
)

func TestParseLimitsTerms(t *testing.T) {
	for text, want := range map[string]int{
		"printer":                               1,
		strings.Repeat("printer ", 500):         search.MaxTerms,
		"printer " + strings.Repeat("a.b", 500): 2,
		strings.Repeat("contoso.", 499):         1,
		strings.Repeat("会議", 99) + " printer":   1,
		"... ---":                      0,
		"ana@fabrikam.example printer": 2,
	} {
		if q := search.Parse(text); len(q.Terms) != want || q.IsEmpty() != (want == 0) {
			t.Errorf("%.40q: %d terms, empty: %v; want %d", text, len(q.Terms), q.IsEmpty(), want)
		}
	}
}

func TestParseLastCharacter(t *testing.T) {
	for text, want := range map[string]int{"議室": 2, "foo-b": 1, "会": 1, "b": 1, "カー": 2, "a-1": 2} {
		q := search.Parse(text)
		if got := q.Terms[0][0].Tokens; len(q.Terms) != 1 || len(got) != want {
			t.Errorf("%q is searched for as %q, want %d tokens", text, got, want)
		}
	}
}

func TestParseEmpty(t *testing.T) {
	for text, want := range map[string]bool{"!!!": true, "...": true, "—": true, "😀": true, "#": true, "\u0301": true, "": true, "a": false, "C++": false, "会": false, "๑": false, "?1": false} {
		if got := search.Parse(text).IsEmpty(); got != want {
			t.Errorf("Parse(%q).IsEmpty() = %v", text, got)
		}
	}
}
