package meeting

import (
	"strings"
	"unicode"
)

// PlainText replaces digits, full-width characters, spaces, hyphens, dashes and Unicode
// line separators with their ASCII equivalents. Control characters other than line feeds
// become spaces, and invisible characters are dropped.
func PlainText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r <= unicode.MaxASCII && r >= ' ' && r != 0x7f:
			return r
		case r == '\n', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '−': // minus
			return '-'
		case IsInvisible(r):
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Pd, r):
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return PlainDigit(r)
	}, text)
}

// PlainDigit returns the ASCII digit for a decimal digit in any script. It returns
// every other character unchanged.
func PlainDigit(r rune) rune {
	if r <= unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
		return r
	}
	// The ten digits of a script are adjacent in Unicode, starting with zero.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return '0' + (r-zero)%10
}

// IsLetterOrDigit reports whether r is a letter or a decimal digit in any script.
func IsLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
