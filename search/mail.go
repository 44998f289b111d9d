package search

import (
	"html"
	"mime"
	"regexp"
	"strings"
)

var (
	// quotedPrintable matches signs of quoted-printable text: an escaped "=", as in
	// links, or two escapes in a row, as for a two-byte letter.
	quotedPrintable = regexp.MustCompile(`=3[Dd]|(?:=[0-9A-F]{2}){2}`)
	// softBreak matches a line break that the quoted-printable encoding has added. The
	// line break may have become a space, and quote markers may follow.
	softBreak = regexp.MustCompile(`= *\r?\n(?:[>|]+ ?)*|= (?:[>|]+ )*`)
)

// mailText decodes text from the source of a mail message: quoted-printable text, HTML
// with numeric escapes, or encoded headers. Any other text is returned unchanged.
func mailText(text string) string {
	if strings.Contains(text, "=?") {
		if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
			text = plain
		}
	}
	if strings.Contains(text, "&#") { // links and the numbers in them may be encoded this way
		text = html.UnescapeString(text)
	}
	if !quotedPrintable.MatchString(text) {
		return text
	}
	return strings.ToValidUTF8(decodeHex(softBreak.ReplaceAllString(text, ""), '='), "\ufffd")
}

var (
	// quoteMarks matches quote markers such as ">" at the start of a line. In a
	// single-line input, a space has replaced the line break before them.
	quoteMarks   = regexp.MustCompile(`(^|\s)[>|][>|\s]*(?:\s|$)`)
	brokenNumber = regexp.MustCompile(`([0-9])\s+(?:[>|]+\s*)+([0-9])`)
	brokenGUID   = regexp.MustCompile(`([0-9A-Fa-f]-)\s+(?:[>|]+\s*)*([0-9A-Fa-f]{4})`)
)

// withoutQuoteMarks removes quote markers such as ">" and rejoins numbers and GUIDs that
// were split across lines.
func withoutQuoteMarks(plain string) string {
	if strings.Contains(plain, "- ") || strings.Contains(plain, "-\n") {
		plain = brokenGUID.ReplaceAllString(plain, "$1$2")
	}
	if !strings.ContainsAny(plain, ">|") {
		return plain
	}
	plain = brokenNumber.ReplaceAllString(plain, "$1 $2")
	return quoteMarks.ReplaceAllString(plain, "$1")
}

// emphasis matches the marks around bold and italic words in chat messages.
var emphasis = regexp.MustCompile(`(^|[\s:=])[*_]{1,2}|[*_]{1,2}([\s.,;:]|$)`)

func withoutEmphasis(plain string) string {
	if !strings.ContainsAny(plain, "*_") {
		return plain
	}
	return emphasis.ReplaceAllString(plain, "$1$2")
}
