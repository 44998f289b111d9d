package store

import (
	"strings"
	"testing"

	"meetdesk/meeting"
)

// However long the text, few words of it are looked for: each is one more list to
// go through, also where all stand together without a blank.
func TestFewWordsAreLookedFor(t *testing.T) {
	for text, want := range map[string]int{
		"printer":                               1,
		strings.Repeat("printer ", 500):         meeting.MaxSearchWords,
		"printer " + strings.Repeat("a.b", 500): 2, // of the second as much as there is room for
		strings.Repeat("contoso.", 499):         1,
		strings.Repeat("会議", 99) + " printer":   1,
		"... ---":                      0,
		"ana@fabrikam.example printer": 2,
	} {
		if w, ok := wordsOf(text); len(w.terms) != want || ok != (want > 0) {
			t.Errorf("%.40q: %d terms, found: %v; want %d", text, len(w.terms), ok, want)
		}
	}
}
