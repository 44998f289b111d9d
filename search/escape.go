package search

import (
	"html"
	"mime"
	"regexp"
	"strings"
)

// escapes are those of JSON, JavaScript and Markdown. What has a number becomes the
// escape of a link.
var escapes = strings.NewReplacer(`\/`, "/", `\_`, "_", `\u00`, "%", `\x`, "%", "%u00", "%")

// unescapeRounds is how often a link is unescaped: each mail filter and launcher
// that passes a link on escapes it again.
const unescapeRounds = 10

// unescape returns the text without the wrappers of mail filters and without the
// escapes of links, HTML and JSON, however often they were put on top of each
// other. A '+' stays: in a thread ID it is a letter.
func unescape(text string) string {
	for range unescapeRounds {
		plain := unmark(unwrap(text), '%')
		if plain == text {
			break
		}
		text = plain
	}
	return text
}

// unwrap removes what stands around the escapes of links: those of HTML and JSON,
// and the wrappers of mail filters.
func unwrap(text string) string {
	plain := html.UnescapeString(escapes.Replace(text))
	return unpack(defenseLinks(plain))
}

// unmark replaces each mark with two hexadecimal digits by the byte they are.
// Other marks stay: people paste half a link.
func unmark(s string, mark byte) string {
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

var (
	// quotedPrintable is what every such source of a mail has: the escape of "=",
	// which links have, or a letter that is two bytes.
	quotedPrintable = regexp.MustCompile(`=3[Dd]|(?:=[0-9A-F]{2}){2}`)
	// softBreak ends a line of such a source within a word. The line break may have
	// become a space, and the mail may be quoted.
	softBreak = regexp.MustCompile(`= *\r?\n(?:[>|]+ ?)*|= (?:[>|]+ )*`)
)

// mailText returns the text of a mail whose source was pasted: quoted-printable, HTML
// with numbers for characters, or with encoded words in its headers. Any other text
// stays as it is.
func mailText(text string) string {
	if strings.Contains(text, "=?") {
		if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
			text = plain
		}
	}
	if strings.Contains(text, "&#") { // what hides a link hides the numbers in it
		text = html.UnescapeString(text)
	}
	if !quotedPrintable.MatchString(text) {
		return text
	}
	return strings.ToValidUTF8(unmark(softBreak.ReplaceAllString(text, ""), '='), "\ufffd")
}
