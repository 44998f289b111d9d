package meeting

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SearchFold returns the text as the full-text index is to hold it and to be asked
// for it. Letters that Unicode does not take apart become those that people type
// for them (ł and ø, not é, whose accent the index drops itself), ligatures and wide
// letters the plain ones. Chinese and Japanese, which have no blanks between their
// words, get a boundary after each character.
func SearchFold(text string) string {
	text = norm.NFKC.String(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII && (IsIdeograph(r) || plain[unicode.ToLower(r)] != "") }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch letters := plain[unicode.ToLower(r)]; {
		case letters != "":
			b.WriteString(letters)
		case IsIdeograph(r):
			b.WriteString(boundary + string(r) + boundary)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// boundary ends a word where a blank would end what has to stand together:
// Unicode's zero width space.
const boundary = "\u200b"

// plain is what people without the key type for a letter.
var plain = map[rune]string{
	'ł': "l", 'ø': "o", 'ǿ': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ŋ': "n", 'þ': "th",
	'ß': "ss", 'æ': "ae", 'ǽ': "ae", 'ǣ': "ae", 'œ': "oe",
}

// IsIdeograph reports whether r is a character of Chinese or Japanese, each of
// which is searched for by itself.
func IsIdeograph(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
