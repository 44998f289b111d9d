package search

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
)

// browserLink matches the URL for joining a meeting in a browser. Its coords parameter
// contains a Base64-encoded JSON object.
var browserLink = regexp.MustCompile(`(?i)\blight-meetings/[^\s<>"]*[?&]coords=([A-Za-z0-9+/_-]{20,})`)

// standardBase64 converts URL-safe Base64 to the standard alphabet.
var standardBase64 = strings.NewReplacer("-", "+", "_", "/")

func (rec *recognizer) browserLinks(text string) {
	for _, m := range browserLink.FindAllStringSubmatch(text, maxMatches) {
		inside, err := base64.RawStdEncoding.DecodeString(standardBase64.Replace(m[1]))
		if err != nil {
			continue
		}
		var coords struct{ ConversationID, MessageID, MeetingCode string }
		_ = json.Unmarshal(inside, &coords) // fields of an unexpected type stay empty
		rec.threads(coords.ConversationID + "/" + coords.MessageID)
		if n := len(coords.MeetingCode); n >= minMeeting && n <= maxMeeting && onlyDigits(coords.MeetingCode) == coords.MeetingCode {
			addNew(&rec.MeetingIDs, coords.MeetingCode)
		}
	}
}
