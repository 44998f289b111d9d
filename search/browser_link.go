package search

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
)

// browserAddress finds what a browser's address says of a meeting that was joined in
// it: the Base64 of a JSON object.
var browserAddress = regexp.MustCompile(`(?i)\blight-meetings/[^\s<>"]*[?&]coords=([A-Za-z0-9+/_-]{20,})`)

var standardBase64 = strings.NewReplacer("-", "+", "_", "/")

// coordinates finds the thread or the meeting ID in the address of a meeting in a
// browser.
func (f *finder) coordinates(text string) {
	for _, m := range browserAddress.FindAllStringSubmatch(text, manyHits) {
		inside, err := base64.RawStdEncoding.DecodeString(standardBase64.Replace(m[1]))
		if err != nil {
			continue
		}
		var at struct{ ConversationID, MessageID, MeetingCode string }
		_ = json.Unmarshal(inside, &at) // what of it is something else stays empty
		f.threads(at.ConversationID + "/" + at.MessageID)
		if n := len(at.MeetingCode); n >= minMeeting && n <= maxMeeting && onlyDigits(at.MeetingCode) == at.MeetingCode {
			keep(&f.MeetingIDs, at.MeetingCode)
		}
	}
}
