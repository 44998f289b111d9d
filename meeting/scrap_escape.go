package meeting

import (
	"html"
	"regexp"
	"strings"
)

var (
	jsonEscapes = strings.NewReplacer(`\/`, "/", `\_`, "_") // the second is Markdown's
	defenseV2   = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v2/url\?(?:[^\s<>"]*&)?u=([^&\s<>"]+)`)
	defenseV3   = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v3/__([^\s<>"]+)`)
)

// unescapeRounds is how often a link is unescaped: it may have been escaped
// twice, and put into the links of two mail filters since.
const unescapeRounds = 5

// unescape returns the text without the escapes of links, HTML and JSON, however
// often they were put on top of each other, and without Proofpoint's own. A '+'
// stays: in a thread ID it is a letter.
func unescape(text string) string {
	for range unescapeRounds {
		plain := unwrap(text)
		plain = defenseV3.ReplaceAllStringFunc(plain, func(link string) string {
			return unmark(defenseV3.FindStringSubmatch(link)[1], '*')
		})
		if plain = unmark(plain, '%'); plain == text {
			break
		}
		text = plain
	}
	return text
}

// unwrap returns the text without what HTML, JSON and Proofpoint's second version
// put around the escapes of links.
func unwrap(text string) string {
	plain := html.UnescapeString(jsonEscapes.Replace(text))
	return defenseV2.ReplaceAllStringFunc(plain, func(link string) string {
		inner := defenseV2.FindStringSubmatch(link)[1]
		return unmark(strings.ReplaceAll(inner, "_", "/"), '-')
	})
}

// unmark replaces each mark with two hexadecimal digits by the byte they are.
// Other marks stay: people paste half a link.
func unmark(s string, mark byte) string {
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == mark && i+2 < len(s) {
			high, low := hexDigit(s[i+1]), hexDigit(s[i+2])
			if high >= 0 && low >= 0 {
				b = append(b, byte(high<<4|low))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func hexDigit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
