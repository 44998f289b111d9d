package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain returns the text in lower case and without accents, so that different spellings of
// the same name become equal.
func Plain(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if r <= unicode.MaxASCII {
			b.WriteByte(byte(unicode.ToLower(r)))
		} else {
			b.WriteString(PlainRune(r))
		}
	}
	return b.String()
}

// PlainRune returns the plain form of one character. The result is "" for accents and for
// invisible characters.
func PlainRune(r rune) string {
	if r <= unicode.MaxASCII {
		return string(unicode.ToLower(r))
	}
	if letters := typedAs[unicode.ToLower(r)]; letters != "" {
		return strings.ToLower(letters)
	}
	if unicode.In(r, unicode.Mn, unicode.Cf) {
		return ""
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(string(r))))
}
