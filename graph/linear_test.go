package graph

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/linear"
	"meetdesk/retryafter"
)

func TestLinearTime(t *testing.T) {
	meeting := func(raw string) { _, _ = ParseReply([]byte(raw)) }
	subject := func(raw string) { // escaped, because some of the generated strings would otherwise end the JSON string
		meeting(`{"id":"1","subject":"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(raw) + `"}`)
	}
	for _, tt := range []struct {
		name       string
		head, tail string
		parse      func(string)
	}{
		{"meeting", "", "", meeting},
		{"meeting with unknown properties", `{"id":"1","x":`, `}`, meeting},
		{"text of a meeting", "", "", subject},
		{"times", `{"id":"1","startDateTime":"`, `","joinWebUrl":"https://teams.microsoft.com/"}`, meeting},
		{"join link", `{"id":"1","joinWebUrl":"https://teams.microsoft.com/`, `"}`, meeting},
		{"join information", `{"id":"1","joinInformation":{"content":"data:text/html,`, `"}}`, meeting},
		{"collection", `{"value":[`, `]}`, func(s string) { _, _ = parseCollection([]byte(s)) }},
		{"error", `{"error":{"code":"`, `"}}`, parseErrorDocument},
		{"nested error", `{"error":`, `}`, parseErrorDocument},
		{"challenge", "", "", func(s string) { claimsChallenge(http.Header{"Www-Authenticate": {s}}) }},
		{"challenge with claims", `Bearer claims="`, `", a=b`, func(s string) { claimsChallenge(http.Header{"Www-Authenticate": {s, s}}) }},
		{"claims of a challenge", "", "", func(s string) { decodeClaims(base64.StdEncoding.EncodeToString([]byte(`{"a":` + s + `}`))) }},
		{"retry after", "", "", func(s string) { retryafter.Of(http.Header{"Retry-After": {s}}, time.Now()) }},
		{"search", "", "", func(s string) { searchPhrase(s) }},
	} {
		t.Run(tt.name, func(t *testing.T) { linear.Texts(t, 8<<10, tt.head, tt.tail, tt.parse) })
	}
}

func parseErrorDocument(s string) {
	d, _ := parseError([]byte(s))
	d.codes()
}

func TestLinearTimeNested(t *testing.T) {
	text := func(head, unit, tail string) func(int) string {
		return func(size int) string {
			return head + strings.Repeat(unit, 1000*size) + strings.Repeat(tail, 1000*size) + "}"
		}
	}
	linear.Check(t, "inner errors", text(`{"error":{"code":"a"`, `,"innerError":{"code":"b"`, `}`), func(s string) { parseErrorDocument(s + "}") })
	linear.Check(t, "people", text(`{"id":"1","participants":{"attendees":[{}`, `,{"upn":"a@b.example","role":"x","identity":{"user":{"id":"1"}}}`, ` `), func(s string) {
		_, _ = ParseReply([]byte(strings.TrimRight(s[:len(s)-1], " ") + "]}}"))
	})
	linear.Check(t, "objects", text(`{"id":"1","a":`, `{"a":`, `}`), func(s string) { _, _ = ParseReply([]byte(s)) })
}
