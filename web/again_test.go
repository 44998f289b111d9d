package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

func TestWhatIsNotLiveIsNotChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for range 3 {
		s.graph.FailNext(createRoute, emulator.Failure{Drop: true})
	}
	where := b.post("/meetings", s.form()).want(200, "Finish").url.Path
	before := len(s.graph.Requests())
	b.get(where + "/edit").want(409)
	b.get(where + "/remove").want(409)
	b.post(where+"/update", s.form("subject", "Too early")).want(409)
	b.post(where+"/refresh", nil).want(409)
	b.post(where+"/remove", nil).want(409)
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph was asked %d times more", got-before)
	}
}

func TestALookThatGoesUnanswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	for range 3 {
		s.graph.FailNext(getRoute, emulator.Failure{Status: 502, Body: "<html>"})
	}
	b.post(where+"/refresh", nil).want(200, "Retry")
	if a := attempts(t, s, 1)[0]; a.State != meeting.AttemptFailed {
		t.Errorf("the look is %s, want failed: there is nothing to be unsure of", a.State)
	}
	b.get("/").want(200, "failed")

	// A failed look has nothing to say after any newer attempt.
	b.change(where, "Changed since").want(200, "Changed since")
	if p := b.get("/"); strings.Contains(p.text(), "failed") {
		t.Errorf("home still lists it:\n%s", p.text())
	}
	b.post("/attempts/2/retry", nil).want(409)
}

// adopt brings in the meeting with the link.
func (b *browser) adopt(link string) *page {
	b.t.Helper()
	return b.post("/meetings/adopt", url.Values{"join_url": {link}})
}

func TestAdoptHoldsWhatCameToTheAsker(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBudget(300*time.Millisecond))
	b := s.signIn(priya)
	foreign := `{"value":[{"id":"M1","subject":"Tom's secret","joinWebUrl":"https://teams.microsoft.com/x","participants":{"organizer":{"upn":"` + tomas + `","identity":{"user":{"id":"` + tomasID + `"}}}}}]}`
	s.graph.FailNext(findRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: foreign})
	p := b.adopt("https://teams.microsoft.com/x").want(422, "belongs to somebody else")
	if strings.Contains(p.body, "secret") || len(record(t, s)) != 0 {
		t.Errorf("it is shown, or recorded:\n%s", p.text())
	}
	before := len(s.graph.Requests())
	for _, bad := range []string{"https://", "https:///x", "https://teams.microsoft.com/" + strings.Repeat("x", 8000)} {
		wantProblem(t, b.adopt(bad).want(422), "join_url", "")
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph was asked %d times about what is no link", got-before)
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
		t.Errorf("the calls that are recorded of it are %+v, want some with IDs", a.Calls)
	}
}
