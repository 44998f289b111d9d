package meeting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, IsControl)
}

// hasHidden reports whether the text is invalid UTF-8 or contains control or invisible
// characters.
func hasHidden(s string) bool { return hasControl(s) || strings.ContainsFunc(s, IsInvisible) }

// IsControl reports whether r is not allowed in a single line: a control character, a line
// or paragraph separator, or a bidirectional embedding, override or isolate.
func IsControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
}

// OneLine returns s as a single trimmed line, for formats in which a line break starts a
// new field.
func OneLine(s string) string { return strings.TrimSpace(withoutControl(s)) }

// CutLine returns the first n characters of s as a single line. It does not trim spaces,
// because that would change external IDs.
func CutLine(s string, n int) string {
	if r := []rune(s); len(r) > n {
		s = string(r[:n])
	}
	return withoutControl(strings.ToValidUTF8(s, "\ufffd"))
}

func withoutControl(s string) string {
	return strings.Map(func(r rune) rune {
		if IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// IsInvisible reports whether r is a format character or a variation selector. External
// IDs that differ only in such characters look the same but belong to different meetings.
func IsInvisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// Trim removes spaces and invisible characters from both ends. Pasted text often contains
// them.
func Trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || IsInvisible(r) })
}

// Shorten returns at most n characters of s, ending in an ellipsis if s is longer. It
// replaces tabs with spaces and other control characters with U+FFFD, because HTML forbids
// most control characters.
func Shorten(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t': // separates cells copied from a spreadsheet
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
