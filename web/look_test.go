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
		t.Errorf("got %s, want the meeting's page", p.url)
	}
	m := newest(t, s, "INC0012345")
	if m.Subject != "Renamed in Teams" || m.Options.Lobby != "everyone" {
		t.Errorf("stored subject %q and lobby %q, want the new ones", m.Subject, m.Options.Lobby)
	}
	replies, err := s.store.Replies(t.Context(), m.ID, 10)
	if err != nil || len(replies) != 3 || !strings.Contains(string(replies[2].Raw), "Printer on fire") {
		t.Errorf("%v: %d replies are stored, want 3 with the first one unchanged", err, len(replies))
	}
	b.post(where+"/refresh", nil).want(200, "Nothing has changed")
}

func TestRefreshOfRemovedMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	b.post(where+"/refresh", nil).want(200, "does not find this meeting", "Not found", "Retry")
	if m := newest(t, s, "INC0012345"); m.State != meeting.Live || m.JoinURL == "" {
		t.Errorf("the meeting is %s, want it unchanged", m.State)
	}
	if a := attempts(t, s, 1)[0]; a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonNotFound {
		t.Errorf("the attempt is %s for %s, want failed because not found", a.State, a.Reason)
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

func TestRemove(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	question := b.get(where+"/remove").want(200, "Printer on fire", "INC0012345")
	if s.graph.MeetingCount() != 1 {
		t.Fatal("the question already removed the meeting")
	}
	for _, p := range []*page{question, b.post(where+"/remove", fieldsOf(question, "/remove")).want(200, "Removed")} {
		for _, claim := range []string{"link is dead", "no longer works", "stops working", "cannot be joined", "can no longer"} {
			if strings.Contains(p.text(), claim) {
				t.Errorf("%s says %q, which is not certain", p.url, claim)
			}
		}
	}
	if m := newest(t, s, "INC0012345"); m.State != meeting.Removed || m.JoinURL == "" || s.graph.MeetingCount() != 0 {
		t.Errorf("the meeting is %s and Graph has %d, want it removed from both", m.State, s.graph.MeetingCount())
	}
	b.post(where+"/remove", nil).want(200) // repeating it does no harm
	b.get(where + "/edit").want(409)
	b.post(where+"/refresh", nil).want(409)
	b.post("/meetings", s.form("subject", "Once more")).want(200, "Created", "Once more")
}

func TestOutdatedRemoval(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fieldsOf(b.get(where+"/remove").want(200), "/remove")
	b.change(where, "Changed in another window").want(200)
	b.post(where+"/remove", form).want(409)
	if s.graph.MeetingCount() != 1 {
		t.Error("the meeting was removed")
	}
}
