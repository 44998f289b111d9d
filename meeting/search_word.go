package meeting

import (
	"strings"
	"unicode"
)

// longestPrefix is how many characters of a word are searched for: the full-text
// index has an index of its own for prefixes up to that; see
// migrations/0005_search.sql.
const longestPrefix = 8

// SearchPrefix returns what of a word is searched for. Words that begin so are
// found too, unless whole: a single character stands for itself alone. A longer
// word is cut, which finds "printers" for "printing", but a number is not: few
// begin alike.
func SearchPrefix(word string) (prefix string, whole bool) {
	runes := []rune(word)
	switch {
	case len(runes) <= 1:
		return word, true
	case len(runes) > longestPrefix && !strings.ContainsFunc(word, unicode.IsDigit):
		return string(runes[:longestPrefix]), false
	}
	return word, false
}
