package xlsx

import (
	"fmt"
	"unicode/utf8"
)

// maxText is the maximum length of a cell's text, in UTF-16 code units. Excel reports a
// file with longer text as damaged.
const maxText = 32_767

// appendText appends the text, escaped for XML and truncated to maxText. Characters that
// XML does not allow are written in the form _x001F_ (ISO/IEC 29500-1, 22.9.2.19). Excel
// and LibreOffice decode this form, but Gnumeric does not.
func appendText(b []byte, text string) []byte {
	text = cut(text)
	for i, r := range text {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '_' && isEscape(text[i:]):
			b = append(b, "_x005F_"...)
		case r == '\r':
			b = append(b, "&#13;"...) // parsers turn an unescaped CR into a line feed
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			b = fmt.Appendf(b, "_x%04X_", r)
		default:
			b = utf8.AppendRune(b, r) // r is U+FFFD if the UTF-8 is invalid
		}
	}
	return b
}

// isEscape reports whether the text starts like an escape such as _x001F_. The last
// underscore may be missing, because a following escape begins with one.
func isEscape(text string) bool {
	if len(text) < 6 || text[1] != 'x' {
		return false
	}
	for _, c := range []byte(text[2:6]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}

// cut truncates the text to fit into a cell. Truncated text ends with "…".
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	units, last := 0, 0
	for i, r := range text {
		if units++; r > 0xffff {
			units++
		}
		if units < maxText {
			last = i + utf8.RuneLen(r)
		} else if units > maxText {
			return text[:last] + "…"
		}
	}
	return text
}
