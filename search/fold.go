package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
)

// Fold returns the text in the form that the full-text index stores and searches.
//
//   - Letters that Unicode does not decompose, such as ł and ø, become their usual
//     substitutes. The index itself drops the accents of other letters, such as é.
//   - Ligatures and full-width letters become plain letters, and digits of all scripts
//     become ASCII digits.
//   - Greek and Cyrillic letters lose their accents. Hebrew and Arabic letters lose
//     their points.
//   - In scripts without spaces between words, each letter becomes a word. The same
//     applies to Korean, because people search for parts of Korean words.
//   - Symbols that are missing from the index's Unicode tables become word boundaries,
//     as do private-use characters, which fonts use for icons.
//   - Invisible characters are dropped.
func Fold(text string) string {
	text = norm.NFKC.String(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII && isFolded(r) }) {
		return text
	}
	var b strings.Builder
	dropMarks := false // whether the previous letter is in unmarkedScripts
	for _, r := range text {
		switch letters := typedAs[unicode.ToLower(r)]; {
		case letters != "":
			b.WriteString(letters)
		case isNewSymbol(r):
			b.WriteString(boundary)
		case isWholeWord(r):
			b.WriteString(boundary + string(r) + boundary)
		case unicode.Is(unicode.Nd, r):
			b.WriteRune(meeting.PlainDigit(r))
		case unicode.Is(unicode.Cf, r) && string(r) != boundary:
			continue
		case unicode.Is(unicode.Mn, r) && dropMarks:
			continue
		case unicode.In(r, unmarkedScripts...):
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
			b.WriteRune(base)
			dropMarks = true
			continue
		default:
			b.WriteRune(r)
		}
		dropMarks = false
	}
	return b.String()
}

// boundary is Unicode's zero width space. It separates tokens that must stay adjacent: at
// an ordinary space, Parse would begin a new term.
const boundary = "\u200b"

func isFolded(r rune) bool {
	return typedAs[unicode.ToLower(r)] != "" || isWholeWord(r) || isNewSymbol(r) || unicode.In(r, unmarkedScripts...) || unicode.In(r, unicode.Cf, unicode.Nd)
}

// typedAs maps letters that many keyboards lack to their usual substitutes.
var typedAs = map[rune]string{
	'ł': "l", 'ø': "o", 'ǿ': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ŋ': "n", 'þ': "th",
	'ß': "ss", 'æ': "ae", 'ǽ': "ae", 'ǣ': "ae", 'œ': "oe", 'ʼ': "'", 'ʻ': "'", 'ʹ': "'",
}

// unmarkedScripts are scripts that many people write without accents or points.
var unmarkedScripts = []*unicode.RangeTable{unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic}

// isNewSymbol reports whether SQLite may mistake r for a letter. SQLite does so for
// unassigned and private-use characters, and for symbols that are newer than its tables
// (Unicode 6.1). The first such symbol in common use is U+20BA; six rare earlier ones are
// ignored.
func isNewSymbol(r rune) bool {
	return r >= 0x20BA && unicode.IsSymbol(r) || unicode.In(r, unicode.Co, unicode.Cn)
}

// isWholeWord reports whether Fold turns r into a separate word. It does so for Korean
// letters, letters of scripts without spaces, and the long vowel mark of Katakana. It does
// not do so for other marks, such as those in Thai, because many people omit them.
func isWholeWord(r rune) bool {
	return r >= 0x0E00 && unicode.IsLetter(r) && (r == 'ー' || unicode.In(r, unspacedScripts...)) || r >= 0x2E80 && unicode.In(r, unicode.Han)
}

var unspacedScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet, unicode.Javanese, unicode.Balinese,
}
