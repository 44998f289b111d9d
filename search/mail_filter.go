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

// Patterns for mail filters that use special encodings or compress the URL. Other filters
// use ordinary URL escapes. A pattern must not scan ahead from each link, because text with
// many links would then take quadratic time.
var (
	defenseV2 = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v2/url\?(?:[^\s<>"]*?&)??u=([^&\s<>"]+)`)
	defenseV3 = regexp.MustCompile(`(?i)\burldefense\.(?:proofpoint\.)?(?:com|us)/v3/__([^\s<>"]+)`)
	// packed matches text that may be a URL in Base64 or hexadecimal.
	packed = regexp.MustCompile(`[A-Za-z0-9+/_-]{24,}`)
	// addressInside matches part of a URL, or the start of a Base64-encoded URL or JSON
	// object.
	addressInside = regexp.MustCompile(`(?i):(?:/|\\/|%2f){2}|meetup-join|\bteams\.|aHR0c|eyJ`)
)

// decodeURLDefense decodes links that version 2 or 3 of Proofpoint's URL Defense has
// wrapped. The original URL stays percent-encoded.
func decodeURLDefense(text string) string {
	if !strings.Contains(text, "/v") && !strings.Contains(text, "/V") {
		return text
	}
	text = defenseV2.ReplaceAllStringFunc(text, func(link string) string {
		inner := defenseV2.FindStringSubmatch(link)[1]
		return decodeHex(strings.ReplaceAll(inner, "_", "/"), '-')
	})
	return defenseV3.ReplaceAllStringFunc(text, func(link string) string {
		return decodeDefenseV3(defenseV3.FindStringSubmatch(link)[1])
	})
}

// decodeDefenseV3 restores the characters that version 3 replaced. "*" represents one of
// them, and "**" followed by a letter represents several. The replaced characters are in
// Base64 after "__;". If that part is missing, the function assumes percent signs, which
// are replaced most often.
func decodeDefenseV3(link string) string {
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

// minPacked is the minimum length, in bytes, of Base64 or hexadecimal text that unpack
// decodes.
const minPacked = 24

// maxUnpacked is the maximum length of a decompressed URL, in bytes.
const maxUnpacked = 4000

// unpack replaces Base64, hexadecimal and compressed text with the URL that it contains.
// In total, the text grows by at most maxInput bytes.
func unpack(text string) string {
	if len(text) < minPacked {
		return text
	}
	room := maxInput
	decode := func(token string) (plain string, ok bool) {
		plain, ok = unpacked(token, room)
		if ok {
			room -= max(0, len(plain)-len(token))
		}
		return plain, ok
	}
	return packed.ReplaceAllStringFunc(text, func(token string) string {
		if plain, ok := decode(token); ok {
			return plain
		}
		parts := strings.Split(token, "/") // the token may consist of several path segments
		for i, part := range parts {
			if plain, ok := decode(part); ok {
				parts[i] = plain
			}
		}
		return strings.Join(parts, "/")
	})
}

// unpacked decodes the token. ok is false if the token contains no URL. Decompressed text
// is limited to min(room, maxUnpacked) bytes.
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
		inside, _ = io.ReadAll(io.LimitReader(r, int64(min(room, maxUnpacked)))) // if the URL is longer, its start is still useful
	}
	if !utf8.Valid(inside) || bytes.ContainsFunc(inside, isUnprintable) || !addressInside.Match(inside) {
		return "", false
	}
	return string(inside), true
}

func isUnprintable(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
