package meeting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, IsControl)
}

// IsControl reports whether r must not stand in a single line of text: control
// characters, line and paragraph separators, and the marks that turn the
// direction of the text around them.
func IsControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
}

// OneLine returns s as a single line that can stand where a line break would
// begin something else: what IsControl names is a blank, and nothing is left at
// the ends.
func OneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if IsControl(r) {
			return ' '
		}
		return r
	}, s))
}

// IsInvisible reports whether r shows nothing. Two external IDs that differ only in
// invisible characters look the same, and make two meetings.
func IsInvisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// Trim returns s without the blanks and invisible characters around it, which
// come along when something is pasted.
func Trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || IsInvisible(r) })
}

// Shorten returns at most n characters of s, with an ellipsis where it was cut
// and without what no page can hold.
func Shorten(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t': // between the cells of a spreadsheet
			return ' '
		case unicode.IsControl(r):
			return '\ufffd'
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
