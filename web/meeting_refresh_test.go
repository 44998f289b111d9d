package web_test

import (
	"strings"
	"testing"

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
	b.post(where+"/refresh", nil).want(200, "nothing has changed")
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
	b.post(where+"/refresh", nil).want(200, "nothing has changed")
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
