package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestForeignResponses checks that a response from an intermediary is logged and not
// mistaken for a response from Graph.
func TestForeignResponses(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"
	page := func(status int) emulator.Failure {
		return emulator.Failure{Status: status, Body: "<h1>Blocked by rule 7</h1>", ContentType: "text/html"}
	}
	for _, tt := range []struct {
		name, route, path string
		form              []string
		fail              emulator.Failure
		status            int
		state             meeting.AttemptState // "" if no attempt is recorded
	}{
		{"adopt, web filter's 404", "GET /me/onlineMeetings", "/meetings/adopt", nil, page(404), 422, ""},
		{"adopt, web filter's 403", "GET /me/onlineMeetings", "/meetings/adopt", nil, page(403), 422, ""},
		{"adopt, other server's empty list", "GET /me/onlineMeetings", "/meetings/adopt", nil, emulator.Failure{Status: 200, Body: `{"value":[]}`, ContentType: "application/json", Times: 3}, 422, ""},
		{"refresh, proxy's 407", getRoute, "/meetings/1/refresh", nil, page(407), 200, failed},
		{"refresh, web filter's 404", getRoute, "/meetings/1/refresh", nil, page(404), 200, failed},
		{"change, web filter's 403", patchRoute, "/meetings/1/update", []string{"subject", "New"}, page(403), 200, unfinished},
		{"change, redirect", patchRoute, "/meetings/1/update", []string{"subject", "New"}, page(302), 200, unfinished},
		{"removal, captive portal's 204", deleteRoute, "/meetings/1/remove", nil, emulator.Failure{Status: 204, Body: " "}, 200, unfinished},
		{"removal, web filter's 404", deleteRoute, "/meetings/1/remove", nil, page(404), 200, unfinished},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/meetings", s.form()).want(200, "Created")
			s.graph.FailNext(tt.route, tt.fail)
			form := url.Values{"join_url": {link}}
			if tt.form != nil {
				form = s.form(tt.form...)
			}
			p := b.post(tt.path, form).want(tt.status, "Something other than Microsoft replied")
			if m := newest(t, s, "INC0012345"); m.State != meeting.Live {
				t.Errorf("the meeting is %s although Graph did not respond", m.State)
			}
			if tt.state != "" {
				if a := attempts(t, s, 1)[0]; a.State != tt.state || a.Reason != meeting.ReasonNotGraph {
					t.Errorf("the attempt is %s for %s, want %s for %s:\n%s", a.State, a.Reason, tt.state, meeting.ReasonNotGraph, p.text())
				}
			}
			logged := s.Log.String()
			if !strings.Contains(logged, string(meeting.ReasonNotGraph)) || strings.Contains(logged, "Blocked by rule 7") || !strings.Contains(logged, tt.fail.ContentType) {
				t.Errorf("the log does not describe the response, or quotes it:\n%s", logged)
			}
		})
	}
}
