package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func (b *browser) adopt(link string) *page {
	b.t.Helper()
	return b.post("/meetings/adopt", url.Values{"join_url": {link}})
}

func TestAdoptChecksOrganizerAndLink(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(2*time.Second))
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
	unlock, err := s.desk.LockMeeting(t.Context(), 1, "INC0012345", time.Now().Add(time.Minute))
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

func TestAdopt(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	id, link := atGraph(t, s, priya, "FROM-ELSEWHERE", "Made elsewhere")
	b := s.signIn(priya)
	p := b.post("/meetings/adopt", url.Values{"join_url": {" " + link + "\n"}}).want(200, "Made elsewhere", "Join")
	m := newest(t, s, "FROM-ELSEWHERE")
	if m.Origin != meeting.Adopted || m.State != meeting.Live || m.GraphID != id || m.Organizer.UPN != priya {
		t.Errorf("stored as %s, %s, organized by %s", m.State, m.Origin, m.Organizer.UPN)
	}
	second := b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(200, "Made elsewhere")
	if second.url.Path != p.url.Path || len(record(t, s)) != 1 {
		t.Errorf("got %s with %d meetings, want %s with one", second.url.Path, len(record(t, s)), p.url.Path)
	}
	b.change(p.url.Path, "Changed here").want(200, "Changed here")
	b.get("/history?q=elsewhere").want(200, "Changed here")

	t.Run("colleague's meeting", func(t *testing.T) {
		p := s.signIn(tomas).post("/meetings/adopt", url.Values{"join_url": {link}}).want(422)
		wantProblem(t, p, "join_url", "")
		if strings.Contains(p.text(), "Made elsewhere") || p.doc.Find(`[name="join_url"]`).AttrOr("value", p.doc.Find(`[name="join_url"]`).Text()) == "" {
			t.Errorf("the page shows the meeting, or lost the link:\n%s", p.text())
		}
	})
	t.Run("unknown and invalid links", func(t *testing.T) {
		for _, bad := range []string{"", "   ", "INC0012345", "http://teams.microsoft.com/x", "https://teams.microsoft.com/l/meetup-join/nobody", "https://x\x00", "javascript:alert(1)", "https://teams.microsoft.com/it's"} {
			wantProblem(t, b.post("/meetings/adopt", url.Values{"join_url": {bad}}).want(422), "join_url", "")
		}
	})
	t.Run("Graph unavailable", func(t *testing.T) {
		for range 3 {
			s.graph.FailNext(findRoute, emulator.Failure{Status: 502, Body: "<html>"})
		}
		wantProblem(t, b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(422), "join_url", "")
	})
	if got := len(record(t, s)); got != 1 {
		t.Errorf("%d meetings, want 1", got)
	}
}
