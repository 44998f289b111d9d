package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
)

// adopt submits the form that brings in the meeting with this join link.
func (b *browser) adopt(link string) *page {
	b.t.Helper()
	return b.post("/meetings/adopt", url.Values{"join_url": {link}})
}

func TestAdoptChecksOrganizerAndLink(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBudget(300*time.Millisecond))
	b := s.signIn(priya)
	othersMeeting := `{"value":[{"id":"M1","subject":"Tom's secret","joinWebUrl":"https://teams.microsoft.com/x","participants":{"organizer":{"upn":"` + tomas + `","identity":{"user":{"id":"` + tomasID + `"}}}}}]}`
	s.graph.FailNext(findRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: othersMeeting})
	p := b.adopt("https://teams.microsoft.com/x").want(422, "belongs to somebody else")
	if strings.Contains(p.body, "secret") || len(record(t, s)) != 0 {
		t.Errorf("another person's meeting is shown or recorded:\n%s", p.text())
	}
	before := len(s.graph.Requests())
	for _, bad := range []string{"https://", "https:///x", "https://teams.microsoft.com/" + strings.Repeat("x", 8000)} {
		wantProblem(t, b.adopt(bad).want(422), "join_url", "")
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d requests for invalid links, want none", got-before)
	}

	_, link := atGraph(t, s, priya, "INC0012345", "Made elsewhere")
	unlock, err := s.desk.LockMeeting(t.Context(), 1, "INC0012345", time.Now().Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, b.adopt(link).want(422), "join_url", "still waiting")
	unlock()
	b.adopt(link).want(200, "Made elsewhere")
	if a := attempts(t, s, 1)[0]; len(a.Calls) == 0 || a.Calls[0].ClientRequestID == "" {
		t.Errorf("the recorded calls are %+v, want at least one with a client-request-id", a.Calls)
	}
}
