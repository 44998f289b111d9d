package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

const (
	getRoute    = "GET /me/onlineMeetings/{id}"
	findRoute   = "GET /me/onlineMeetings"
	deleteRoute = "DELETE /me/onlineMeetings/{id}"
)

func TestRefreshShowsWhatChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	b.post(where+"/refresh", nil).want(200, "Nothing has changed")
	s.graph.ChangeMeeting(newest(t, s, "INC0012345").GraphID, func(m map[string]any) {
		m["subject"] = "Renamed in Teams"
		m["lobbyBypassSettings"] = map[string]any{"scope": "everyone", "isDialInBypassEnabled": false}
	})
	p := b.post(where+"/refresh", nil).want(200, "Renamed in Teams", "Printer on fire", "Before", "Now")
	if p.url.Path != where {
		t.Errorf("ended at %s", p.url)
	}
	m := newest(t, s, "INC0012345")
	if m.Subject != "Renamed in Teams" || m.Options.Lobby != "everyone" {
		t.Errorf("recorded %q, lobby %q", m.Subject, m.Options.Lobby)
	}
	kept, err := s.store.Replies(t.Context(), m.ID, 10)
	if err != nil || len(kept) != 3 || !strings.Contains(string(kept[2].Raw), "Printer on fire") {
		t.Errorf("%v: %d replies are kept, want 3, the first as it was", err, len(kept))
	}
	b.post(where+"/refresh", nil).want(200, "Nothing has changed")
}

func TestRefreshOfAMeetingThatIsGone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	b.post(where+"/refresh", nil).want(200, "does not find this meeting", "Not found", "Retry")
	if m := newest(t, s, "INC0012345"); m.State != meeting.Live || m.JoinURL == "" {
		t.Errorf("the meeting is %s; a look changes nothing", m.State)
	}
	if a := attempts(t, s, 1)[0]; a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonNotFound {
		t.Errorf("%s for %s", a.State, a.Reason)
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, link := atGraph(t, s, priya, "FROM-ELSEWHERE", "Made elsewhere")
	b := s.signIn(priya)
	p := b.post("/meetings/adopt", url.Values{"join_url": {" " + link + "\n"}}).want(200, "Made elsewhere", "Join")
	m := newest(t, s, "FROM-ELSEWHERE")
	if m.Origin != meeting.Adopted || m.State != meeting.Live || m.GraphID != id || m.Organizer.UPN != priya {
		t.Errorf("recorded %s, %s, of %s", m.State, m.Origin, m.Organizer.UPN)
	}
	again := b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(200, "Made elsewhere")
	if again.url.Path != p.url.Path || len(record(t, s)) != 1 {
		t.Errorf("ended at %s with %d rows, want %s and one", again.url.Path, len(record(t, s)), p.url.Path)
	}
	b.change(p.url.Path, "Changed here").want(200, "Changed here")
	b.get("/history?q=elsewhere").want(200, "Changed here")

	t.Run("a colleague's", func(t *testing.T) {
		p := s.signIn(tomas).post("/meetings/adopt", url.Values{"join_url": {link}}).want(422)
		wantProblem(t, p, "join_url", "")
		if strings.Contains(p.text(), "Made elsewhere") || p.doc.Find(`[name="join_url"]`).AttrOr("value", p.doc.Find(`[name="join_url"]`).Text()) == "" {
			t.Errorf("it shows too much, or lost what was typed:\n%s", p.text())
		}
	})
	t.Run("nobody's, and no link at all", func(t *testing.T) {
		for _, bad := range []string{"", "   ", "INC0012345", "http://teams.microsoft.com/x", "https://teams.microsoft.com/l/meetup-join/nobody", "https://x\x00", "javascript:alert(1)", "https://teams.microsoft.com/it's"} {
			wantProblem(t, b.post("/meetings/adopt", url.Values{"join_url": {bad}}).want(422), "join_url", "")
		}
	})
	t.Run("while Graph does not answer", func(t *testing.T) {
		for range 3 {
			s.graph.FailNext(findRoute, emulator.Failure{Status: 502, Body: "<html>"})
		}
		wantProblem(t, b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(422), "join_url", "")
	})
	if got := len(record(t, s)); got != 1 {
		t.Errorf("%d rows, want 1", got)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	ask := b.get(where+"/remove").want(200, "Printer on fire", "INC0012345")
	if s.graph.MeetingCount() != 1 {
		t.Fatal("asking removed it")
	}
	for _, p := range []*page{ask, b.post(where+"/remove", fieldsOf(ask, "/remove")).want(200, "Removed")} {
		for _, never := range []string{"link is dead", "no longer works", "stops working", "cannot be joined", "can no longer"} {
			if strings.Contains(p.text(), never) {
				t.Errorf("%s claims %q", p.url, never)
			}
		}
	}
	if m := newest(t, s, "INC0012345"); m.State != meeting.Removed || m.JoinURL == "" || s.graph.MeetingCount() != 0 {
		t.Errorf("it is %s, %d at Graph", m.State, s.graph.MeetingCount())
	}
	b.post(where+"/remove", nil).want(200) // twice is once
	b.get(where + "/edit").want(409)
	b.post(where+"/refresh", nil).want(409)
	b.post("/meetings", s.form("subject", "Once more")).want(200, "Created", "Once more")
}

func TestAStaleConfirmationRemovesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fieldsOf(b.get(where+"/remove").want(200), "/remove")
	b.change(where, "Changed in another window").want(200)
	b.post(where+"/remove", form).want(409)
	if s.graph.MeetingCount() != 1 {
		t.Error("it was removed")
	}
}
