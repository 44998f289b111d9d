package web_test

import (
	"encoding/json"
	"fmt"
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

func TestOnlyALookTellsWhatChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(patchRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	where := b.post("/meetings", s.form("record", "on")).want(200, "Retry").url.Path
	option := attempts(t, s, 1)[0].ID
	tells := func(p *page) bool {
		return strings.Contains(p.text(), "since the last look") || strings.Contains(p.text(), "What has changed")
	}
	if p := b.change(where, "Moved").want(200, "Moved"); tells(p) {
		t.Errorf("after one's own change:\n%s", p.text())
	}
	if p := b.post(where+"/refresh", nil).want(200, "Nothing has changed"); !tells(p) {
		t.Errorf("after a look:\n%s", p.text())
	}
	s.graph.FailNext(getRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: fmt.Sprintf(`{"id":%q,"subject":"Moved"}`, newest(t, s, "INC0012345").GraphID)})
	b.post(where+"/refresh", nil).want(200, "Nothing has changed") // what a reply leaves out is no change
	if p := b.post(attemptPath(option, "retry"), nil).want(200); tells(p) {
		t.Errorf("an option that was set since is shown as somebody's change:\n%s", p.text())
	}
}

// adopt brings in the meeting with the link.
func (b *browser) adopt(link string) *page {
	b.t.Helper()
	return b.post("/meetings/adopt", url.Values{"join_url": {link}})
}

func TestAdoptingInTheWayOfAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	first := b.post("/meetings", s.form()).want(200, "Created").url.Path
	old := s.graph.Meetings()[0].Document
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	id, link := atGraph(t, s, priya, "INC0012345", "Begun anew in Teams")
	second := b.adopt(link).want(200, "Begun anew in Teams").url.Path
	if m := newest(t, s, "INC0012345"); second == first || m.Subject != "Printer on fire" || m.State != meeting.Live {
		t.Fatalf("ended at %s, and the meeting that stands for the ticket is %s, %q", second, m.State, m.Subject)
	}

	t.Run("asked for, it takes the ticket", func(t *testing.T) {
		if p := b.post("/meetings", s.form("anyway", "1")).want(200, "Found", "Begun anew in Teams"); p.url.Path != second {
			t.Errorf("ended at %s, want %s", p.url.Path, second)
		}
		if m := newest(t, s, "INC0012345"); m.GraphID != id || m.Origin != meeting.Adopted || m.State != meeting.Live {
			t.Errorf("the ticket's meeting is %s, %s, %q", m.State, m.Origin, m.Subject)
		}
		if p := b.get("/t/inc-0012345").want(200); p.url.Path != second {
			t.Errorf("the ticket's address ends at %s, want %s", p.url.Path, second)
		}
	})
	t.Run("the old one is not brought back", func(t *testing.T) {
		body, err := json.Marshal(map[string]any{"value": []any{old}})
		if err != nil {
			t.Fatal(err)
		}
		s.graph.FailNext(findRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: string(body), Times: 2})
		p := b.adopt("https://teams.microsoft.com/l/meetup-join/old").want(422, "another has taken its place")
		wantProblem(t, p, "join_url", "another has taken its place")
		if m := newest(t, s, "INC0012345"); m.GraphID != id {
			t.Errorf("the ticket's meeting is %q", m.Subject)
		}
	})
	t.Run("a removed one keeps what it was, and leaves its ticket", func(t *testing.T) {
		removed := newest(t, s, "INC0012345")
		b.post(second+"/remove", nil).want(200, "Removed")
		_, link := atGraph(t, s, priya, "INC0012345", "Third")
		b.adopt(link).want(200, "Third")
		if m, err := s.store.Meeting(t.Context(), removed.ID); err != nil || m.State != meeting.Removed || m.Subject != removed.Subject {
			t.Errorf("the removed one is %s, %q (%v)", m.State, m.Subject, err)
		}
		if m := newest(t, s, "INC0012345"); m.Subject != "Third" || m.State != meeting.Live {
			t.Errorf("the ticket's meeting is %s, %q", m.State, m.Subject)
		}
	})
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

func TestARemovedMeetingStaysAsItWas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	b.post(where+"/remove", nil).want(200, "Removed")
	if p := b.post("/meetings", s.form("subject", "Begun anew")).want(200, "Created"); p.url.Path == where {
		t.Fatal("the removed row was taken up again")
	}
	b.get(where).want(200, "Removed", "Printer on fire")
}
