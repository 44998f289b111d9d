package search

import (
	"html"
	"strings"
)

// escapes removes the JSON, JavaScript and Markdown escaping found in links. It unescapes
// \/ and \_, and turns one-byte numeric escapes into percent escapes.
var escapes = strings.NewReplacer(`\/`, "/", `\_`, "_", `\u00`, "%", `\x`, "%", "%u00", "%")

// maxEscapes is the maximum number of levels of escaping that unescape undoes. Each mail
// filter or launcher page can add a level.
const maxEscapes = 10

// unescape undoes up to maxEscapes levels of the encodings that mail filters, URLs, HTML
// and JSON use. It does not turn "+" into a space, because thread IDs may contain "+".
func unescape(text string) string {
	for range maxEscapes {
		plain := decodeHex(unescapeMarkup(text), '%')
		if plain == text {
			break
		}
		text = plain
	}
	return text
}

// unescapeMarkup undoes one level of each encoding except percent-encoding.
func unescapeMarkup(text string) string {
	plain := html.UnescapeString(escapes.Replace(text))
	return unpack(decodeURLDefense(plain))
}

// decodeHex replaces each mark and the two hexadecimal digits after it with the byte that
// they encode. A mark without such digits is left unchanged, because links may be
// incomplete.
func decodeHex(s string, mark byte) string {
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == mark && isHexPair(s[i+1:]) {
			b = append(b, byte(hexDigit(s[i+1])<<4|hexDigit(s[i+2])))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

func isHexPair(s string) bool { return len(s) >= 2 && hexDigit(s[0]) >= 0 && hexDigit(s[1]) >= 0 }

func hexDigit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
