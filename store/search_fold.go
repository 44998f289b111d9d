package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
)

// SearchFold returns the text as the full-text index is to hold it and to be asked
// for it. Latin letters that Unicode does not take apart become those that people
// type for them (ł and ø, not é, whose accent the index drops itself), ligatures and
// wide letters the plain ones, digits of all scripts those of ASCII; Greek and
// Cyrillic lose their accents, Hebrew and Arabic their points. Scripts without
// spaces between words, and Korean, whose words are found inside others, get a
// boundary after each character; so does an emoji that is newer than the index's
// tables, which take it for a letter. What shows nothing is dropped.
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
		case isNewSymbol(r):
			b.WriteString(boundary)
		case standsAlone(r):
			b.WriteString(boundary + string(r) + boundary)
		case unicode.Is(unicode.Nd, r):
			b.WriteRune(meeting.PlainDigit(r))
		case unicode.Is(unicode.Cf, r) && string(r) != boundary:
			continue
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

// folds reports whether r is folded for its script or its kind.
func folds(r rune) bool {
	return standsAlone(r) || isNewSymbol(r) || unicode.In(r, bareScripts...) || unicode.In(r, unicode.Cf, unicode.Nd)
}

// isNewSymbol reports whether r may be a symbol that came with Unicode 7 or later.
// SQLite's tokenizer unicode61 knows those of 6.1 only: the first it lacks is U+20BA.
func isNewSymbol(r rune) bool { return r >= 0x20BA && unicode.IsSymbol(r) }

// boundary ends a word where a blank would end what has to stand together:
// Unicode's zero width space.
const boundary = "\u200b"

// typed is what people without the key type for a letter.
var typed = map[rune]string{
	'ł': "l", 'ø': "o", 'ǿ': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ŋ': "n", 'þ': "th",
	'ß': "ss", 'æ': "ae", 'ǽ': "ae", 'ǣ': "ae", 'œ': "oe", 'ʼ': "'", 'ʻ': "'", 'ʹ': "'",
}

// LetterOnly reports whether the word is one letter, and no word by itself: at the
// end of what was typed it is as yet nothing to go by.
func LetterOnly(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsLetter(r) && !standsAlone(r)
}

// standsAlone reports whether r is a character of a script without spaces between
// words, or of Korean. Each of these is a word to the index. The mark of a long vowel
// is one of them; marks that belong to the letter before them are not, and do not
// count: many leave out those of Thai.
func standsAlone(r rune) bool {
	return r >= 0x0E00 && unicode.IsLetter(r) && (r == 'ー' || unicode.In(r, aloneScripts...)) || r >= 0x2E80 && unicode.In(r, unicode.Han)
}

var aloneScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet, unicode.Javanese, unicode.Balinese,
}
