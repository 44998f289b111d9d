package search

import (
	"strings"
	"unicode"
)

// longestPrefix is how many characters of a word are searched for: the full-text
// index has an index of its own for prefixes up to that; see
// migrations/0005_search.sql.
const longestPrefix = 16

// MaxWords is how many words of a search count: more than anybody needs to
// find a meeting by. Each is one more list to go through.
const MaxWords = 16

// Prefix returns what of a word is searched for. Words that begin so are
// found too, unless whole: a single character stands for itself alone. A word that
// is longer than the longest prefix is cut to that, but a number is not: to take
// another number for it would be wrong.
func Prefix(word string) (prefix string, whole bool) {
	runes := []rune(word)
	switch {
	case len(runes) <= 1:
		return word, true
	case len(runes) > longestPrefix && !strings.ContainsFunc(word, unicode.IsDigit):
		return string(runes[:longestPrefix]), false
	}
	return word, false
}
