package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SearchFold returns the text as the full-text index is to hold it and to be asked
// for it. Latin letters that Unicode does not take apart become those that people
// type for them (ł and ø, not é, whose accent the index drops itself), ligatures and
// wide letters the plain ones; Greek and Cyrillic lose their accents, Hebrew and
// Arabic their points. Chinese and Japanese, which have no blanks between their
// words, get a boundary after each character.
func SearchFold(text string) string {
	text = norm.NFKC.String(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII && (folds(r) || typed[unicode.ToLower(r)] != "") }) {
		return text
	}
	var b strings.Builder
	bare := false // the letter before goes without marks
	for _, r := range text {
		switch letters := typed[unicode.ToLower(r)]; {
		case letters != "":
			b.WriteString(letters)
		case standsAlone(r):
			b.WriteString(boundary + string(r) + boundary)
		case unicode.Is(unicode.Mn, r) && bare:
			continue
		case unicode.In(r, bareScripts...):
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
			b.WriteRune(base)
			bare = true
			continue
		default:
			b.WriteRune(r)
		}
		bare = false
	}
	return b.String()
}

// bareScripts are written without their marks by many.
var bareScripts = []*unicode.RangeTable{unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic}

// folds reports whether r is of a script that is folded.
func folds(r rune) bool { return standsAlone(r) || unicode.In(r, bareScripts...) }

// boundary ends a word where a blank would end what has to stand together:
// Unicode's zero width space.
const boundary = "\u200b"

// typed is what people without the key type for a letter.
var typed = map[rune]string{
	'ł': "l", 'ø': "o", 'ǿ': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ŋ': "n", 'þ': "th",
	'ß': "ss", 'æ': "ae", 'ǽ': "ae", 'ǣ': "ae", 'œ': "oe",
}

// LetterOnly reports whether the word is one letter, and no word by itself: at the
// end of what was typed it is as yet nothing to go by.
func LetterOnly(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsLetter(r) && !standsAlone(r)
}

// standsAlone reports whether r is a character of Chinese or Japanese, each of which
// is a word to the index. The mark of a long vowel is one of them.
func standsAlone(r rune) bool {
	return r >= 0x2E80 && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}
