package web_test

import (
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

func bodies(s *site, method string) []string { return s.Bodies(method) }

func TestOptionsOfFoundMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	p := b.post("/meetings", s.form("anyway", "1", "lobby", "everyone")).want(200, "Found")
	if got := bodies(s, "PATCH"); len(got) != 0 {
		t.Fatalf("Graph got %v, want no PATCH", got)
	}
	form := p.doc.Find(`form[action$="/update"]`)
	if form.Length() != 1 {
		t.Fatalf("the page has no form to update the meeting:\n%s", p.text())
	}
	b.post(p.url.Path+"/update", formFields(form)).want(200)
	if m := newest(t, s, "INC0012345"); m.Options.Lobby != "everyone" {
		t.Errorf("the lobby is %q, want everyone", m.Options.Lobby)
	}
}

func TestPresenterRoleSetsOption(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.post("/meetings", s.form("attendees", "tomas@contoso.example presenter")).want(200, "Created")
	m := newest(t, s, "INC0012345")
	if m.Options.Presenters != meeting.PresentersByRole || m.Attendees[0].Role != meeting.RolePresenter {
		t.Errorf("presenters %q with role %q, want the option that gives the role an effect", m.Options.Presenters, m.Attendees[0].Role)
	}
	// An explicit choice takes precedence.
	form := fields(b.get(p.url.Path + "/edit").want(200))
	form.Set("presenters", "everyone")
	b.post(p.url.Path+"/update", form).want(200)
	if m := newest(t, s, "INC0012345"); m.Options.Presenters != "everyone" {
		t.Errorf("presenters %q, want everyone as chosen", m.Options.Presenters)
	}
}

func TestUnknownOptionValue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, field := range []string{"lobby", "presenters", "announce", "record"} {
		p := b.post("/meetings", s.form(field, "nonsense")).want(422)
		wantProblem(t, p, field, "nonsense")
	}
	wantNothingSent(t, s)
}

func TestChangeOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fields(b.get(where + "/edit").want(200))
	form.Set("record", "on")
	b.post(where+"/update", form).want(200)
	if got := bodies(s, "PATCH"); len(got) != 1 || got[0] != `{"recordAutomatically":true}` {
		t.Errorf("Graph got %q, want only the recording", got)
	}
	form = fields(b.get(where + "/edit").want(200))
	form.Set("subject", "Both")
	form.Set("lobby", "everyone")
	b.post(where+"/update", form).want(200, "Both")
	if m := newest(t, s, "INC0012345"); m.Options.Lobby != "everyone" || m.Options.Record != "on" || m.Subject != "Both" {
		t.Errorf("the meeting has subject %q and options %+v, want both changed", m.Subject, m.Options)
	}
	wantProblem(t, b.post(where+"/update", fields(b.get(where+"/edit"))).want(422), "subject", "")
}

// TestIncompleteListIsNotSent covers a meeting with more than 750 people, of whom Graph
// returns only 750. A PATCH with this incomplete list would remove the others.
func TestIncompleteListIsNotSent(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	id := newest(t, s, "INC0012345").GraphID
	s.graph.ChangeMeeting(id, func(m map[string]any) {
		many := make([]any, 800)
		for i := range many {
			many[i] = map[string]any{"upn": addressOf(i), "role": "attendee", "identity": nil}
		}
		m["participants"].(map[string]any)["attendees"] = many
	})
	b.post(where+"/refresh", nil).want(200)
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != meeting.FullList {
		t.Fatalf("%d people are recorded, want 750", len(m.Attendees))
	}
	edit := b.get(where + "/edit").want(200)
	if edit.doc.Find(`[name="attendees"]`).Length() != 0 {
		t.Error("the form has a field for a list of people that may be incomplete")
	}
	form := fields(edit)
	form.Set("subject", "Renamed")
	form.Set("attendees", "somebody@contoso.example") // must be ignored
	b.post(where+"/update", form).want(200, "Renamed")
	for _, body := range bodies(s, "PATCH") {
		if strings.Contains(body, "participants") {
			t.Errorf("Graph got a list of people: %.200s", body)
		}
	}
	for _, m := range s.graph.Meetings() {
		if people := m.Document["participants"].(map[string]any)["attendees"].([]any); len(people) != 800 {
			t.Errorf("the meeting has %d people, want 800", len(people))
		}
	}
}

func addressOf(i int) string {
	return "p" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + "-" + strings.Repeat("y", i/26) + "@contoso.example"
}
