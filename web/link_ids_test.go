package web_test

import (
	"fmt"
	"net/url"
	"testing"

	"meetdesk/emulator"
)

// TestSearchByJoinLink checks that a meeting can be found by the IDs in its join link, even
// if Graph returned no thread and no meeting ID.
func TestSearchByJoinLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	const query = `?context=%7b%22Tid%22%3a%226f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10%22%7d`
	for i, tt := range []struct{ name, link, rest, search string }{
		{"short, other properties null", "https://teams.microsoft.com/meet/2345678901234?p=AbCd", `"chatInfo":null,"joinMeetingIdSettings":null`, "234 567 890 123 4"},
		{"short, other properties missing", "https://teams.microsoft.com/meet/3456789012345?p=AbCd", `"subject":"x"`, "https://teams.microsoft.com/meet/3456789012345"},
		{"long", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjY0YTk5%40thread.v2/0" + query, `"chatInfo":null`, "19:meeting_NjY0YTk5@thread.v2"},
		{"long, chat without a thread", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MmZkYjE4%40thread.v2/0" + query, `"chatInfo":{"threadId":null}`, "https://teams.microsoft.com/l/meetup-join/19:meeting_MmZkYjE4@thread.v2/0"},
		{"government", "https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_fc2077%40thread.v2/0" + query, `"joinMeetingIdSettings":{"joinMeetingId":null}`, "19:gcch:meeting_fc2077@thread.v2"},
		{"government, short", "https://dod.teams.microsoft.us/meet/4567890123456?p=AbCd", `"chatInfo":{}`, "456 789 012 345 6"},
		{"personal account", "https://teams.live.com/meet/9345678901234?p=AbCd", `"chatInfo":null`, "9345678901234"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id, subject := fmt.Sprintf("INC77%d", i), fmt.Sprintf("Number %d", i)
			s.graph.FailNext(createRoute, emulator.Failure{Status: 201, Header: fromGraph, ContentType: "application/json",
				Body: fmt.Sprintf(`{"id":"G%d","externalId":%q,"joinWebUrl":%q,"startDateTime":"2026-12-02T09:00:00Z","endDateTime":"2026-12-02T10:00:00Z",%s}`, i, id, tt.link, tt.rest)})
			b.post("/meetings", s.form("external_id", id, "subject", subject)).want(200, "Created")
			m := newest(t, s, id)
			if m.Passcode != "" {
				t.Errorf("passcode %q, want none", m.Passcode)
			}
			if p := b.get("/history?q="+url.QueryEscape(tt.search)).want(200, id); p.url.Path != fmt.Sprintf("/meetings/%d", m.ID) {
				t.Errorf("%q leads to %s, want %s", tt.search, p.url.Path, fmt.Sprintf("/meetings/%d", m.ID))
			}
		})
	}
}
