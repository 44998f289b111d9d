package graph

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// challengeOf returns the claims challenge from a 401 or 403 response, or "" if there is
// none. With Conditional Access, a 403 may contain a challenge.
func challengeOf(resp *http.Response) string {
	if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusForbidden {
		return ""
	}
	return claimsChallenge(resp.Header)
}

// claimsChallenge returns, as JSON, the claims that the next token request must include, or
// "" if there are none. A response may have several WWW-Authenticate
// headers, and each header may contain several challenges (Entra: claims challenges).
func claimsChallenge(header http.Header) string {
	for _, line := range header.Values("WWW-Authenticate") {
		for _, c := range challenges(line) {
			if !strings.EqualFold(c.scheme, "Bearer") {
				continue
			}
			if claims := decodeClaims(c.params["claims"]); claims != "" {
				return claims
			}
		}
	}
	return ""
}

func asksForBearer(header http.Header) bool {
	for _, line := range header.Values("WWW-Authenticate") {
		if slices.ContainsFunc(challenges(line), func(c challenge) bool { return strings.EqualFold(c.scheme, "Bearer") }) {
			return true
		}
	}
	return false
}

// decodeClaims decodes claims in any variant of base64. It returns "" unless the result is
// a JSON object with at least one member.
func decodeClaims(text string) string {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	decoded, err := base64.RawStdEncoding.DecodeString(text)
	var object map[string]json.RawMessage
	if err != nil || json.Unmarshal(decoded, &object) != nil || len(object) == 0 {
		return ""
	}
	return string(decoded)
}

type challenge struct {
	scheme string
	params map[string]string // keys in lower case
}

// challenges parses one WWW-Authenticate header (RFC 9110, 11.6.1). A word without "="
// begins a challenge. Malformed parts are skipped.
func challenges(line string) []challenge {
	var list []challenge
	rest := line
	for {
		rest = strings.TrimLeft(rest, ", \t")
		if rest == "" {
			return list
		}
		end := strings.IndexAny(rest, "=, \t")
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		rest = strings.TrimLeft(rest[end:], " \t")
		if !strings.HasPrefix(rest, "=") {
			list = append(list, challenge{scheme: word, params: map[string]string{}})
			continue
		}
		var value string
		value, rest = paramValue(strings.TrimLeft(rest[1:], " \t"))
		if len(list) > 0 {
			list[len(list)-1].params[strings.ToLower(word)] = value
		}
	}
}

func paramValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ", \t")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
