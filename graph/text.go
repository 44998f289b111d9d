package graph

import (
	"strings"
	"unicode"
)

// How much of a text of Graph's is taken, in characters: more than it has ever
// been seen to send. Reply.Raw has the rest.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)

// line returns the first n characters of s, on one line that a page can show.
func oneLine(s string, n int) string {
	if r := []rune(s); len(r) > n {
		s = string(r[:n])
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
