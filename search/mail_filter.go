package search

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Most mail filters keep the address in a parameter of their own, escaped as usual.
// These have codes of their own, or pack it. The patterns look no further than they
// must: one that reads ahead at each of many links takes quadratic time.
var (
	defenseV2 = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v2/url\?(?:[^\s<>"]*?&)??u=([^&\s<>"]+)`)
	defenseV3 = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v3/__([^\s<>"]+)`)
	// packed finds what may be Base64 or hexadecimal of an address: 24 characters hold 18.
	packed = regexp.MustCompile(`[A-Za-z0-9+/_-]{24,}`)
	// addressInside is what an address has, or a JSON object that may hold one.
	addressInside = regexp.MustCompile(`(?i):(?:/|\\/|%2f){2}|meetup-join|\bteams\.|aHR0c|eyJ`)
)

// defenseLinks undoes the second and the third code of Proofpoint's URL Defense. The
// percent signs of the address stay escaped.
func defenseLinks(text string) string {
	if !strings.Contains(text, "/v") && !strings.Contains(text, "/V") {
		return text
	}
	text = defenseV2.ReplaceAllStringFunc(text, func(link string) string {
		inner := defenseV2.FindStringSubmatch(link)[1]
		return unmark(strings.ReplaceAll(inner, "_", "/"), '-')
	})
	return defenseV3.ReplaceAllStringFunc(text, func(link string) string {
		return defenseV3Link(defenseV3.FindStringSubmatch(link)[1])
	})
}

// defenseV3Link puts the characters back that the third code replaced by "*", or by
// "**" and a letter for several. They stand in Base64 behind "__;", which may have
// been lost: most are percent signs.
func defenseV3Link(link string) string {
	var replaced []byte
	if end := strings.LastIndex(link, "__;"); end >= 0 {
		code, _, _ := strings.Cut(link[end+3:], "!")
		replaced, _ = base64.RawURLEncoding.DecodeString(strings.TrimRight(code, "="))
		link = link[:end]
	}
	const lengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b strings.Builder
	for i := 0; i < len(link); i++ {
		if link[i] != '*' {
			b.WriteByte(link[i])
			continue
		}
		n := 1
		if i+2 < len(link) && link[i+1] == '*' && !isHexPair(link[i+2:]) {
			n = strings.IndexByte(lengths, link[i+2]) + 2
			i += 2
		}
		n = min(n, max(1, len(replaced)))
		if n == 1 && isHexPair(link[i+1:]) || len(replaced) == 0 {
			b.WriteByte('%')
		} else {
			b.Write(replaced[:n])
		}
		replaced = replaced[min(n, len(replaced)):]
	}
	return b.String()
}

// minPacked is the length of the shortest address that is looked for inside of Base64.
const minPacked = 24

// maxUnpacked is the longest address that is read out of a compressed one.
const maxUnpacked = 4000

// unpack replaces what is Base64, hexadecimal or compressed by the address in it. What
// grows by that, together, is no longer than a scrap.
func unpack(text string) string {
	if len(text) < minPacked {
		return text
	}
	room := maxScrap
	fits := func(token string) (plain string, ok bool) {
		plain, ok = unpacked(token, room)
		if ok {
			room -= max(0, len(plain)-len(token))
		}
		return plain, ok
	}
	return packed.ReplaceAllStringFunc(text, func(token string) string {
		if plain, ok := fits(token); ok {
			return plain
		}
		parts := strings.Split(token, "/") // of a path
		for i, part := range parts {
			if plain, ok := fits(part); ok {
				parts[i] = plain
			}
		}
		return strings.Join(parts, "/")
	})
}

func unpacked(token string, room int) (plain string, ok bool) {
	if len(token) < minPacked {
		return "", false
	}
	inside, err := hex.DecodeString(token)
	if err != nil {
		if inside, err = base64.RawStdEncoding.DecodeString(standardBase64.Replace(token)); err != nil {
			return "", false
		}
	}
	if r, err := zlib.NewReader(bytes.NewReader(inside)); err == nil {
		inside, _ = io.ReadAll(io.LimitReader(r, int64(min(room, maxUnpacked)))) // what was cut off is still worth reading
	}
	if !utf8.Valid(inside) || bytes.ContainsFunc(inside, showsNothing) || !addressInside.Match(inside) {
		return "", false
	}
	return string(inside), true
}

func showsNothing(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
