package graph

import (
	"strings"
	"unicode"
)

// Limits for texts from Graph, in characters. Graph has not been seen to exceed them.
// Reply.Raw has the whole texts.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)

// oneLine returns the first n characters of s, with control characters as spaces.
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
