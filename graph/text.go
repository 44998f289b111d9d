package graph

import (
	"strings"
	"unicode"
)

// Limits for texts from Graph, in characters. No text from Graph is known to exceed them.
// Reply.Raw has the full texts.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)

// oneLine returns the first n characters of s, with control characters replaced by
// spaces.
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
