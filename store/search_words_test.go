package store

import (
	"strings"
	"testing"

	"meetdesk/search"
)

// However long the text, few words of it are looked for: each is one more list to
// go through, also where all stand together without a blank.
func TestFewWordsAreLookedFor(t *testing.T) {
	for text, want := range map[string]int{
		"printer":                               1,
		strings.Repeat("printer ", 500):         search.MaxWords,
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

// The last character of Chinese or Japanese is looked for too; a letter at the end of
// what was typed is as yet nothing to go by.
func TestWhatALastCharacterIs(t *testing.T) {
	for text, want := range map[string]int{"議室": 2, "foo-b": 1, "会": 1, "b": 1, "カー": 2, "a-1": 2} {
		w, _ := wordsOf(text)
		first, _, _ := strings.Cut(strings.Join(w.terms, " "), " OR ") // before other spellings
		if n := len(strings.FieldsFunc(first, func(r rune) bool { return !isWordRune(r) })); n != want {
			t.Errorf("%q is looked for by %q: %d words, want %d", text, w.terms, n, want)
		}
	}
}
