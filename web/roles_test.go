package web_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// roles returns the role of each attendee of the meetings in Graph, by UPN.
func (s *site) roles(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, m := range s.graph.Meetings() {
		for _, attendee := range m.Document["participants"].(map[string]any)["attendees"].([]any) {
			upn, _ := attendee.(map[string]any)["upn"].(string)
			found[upn], _ = attendee.(map[string]any)["role"].(string)
		}
	}
	return found
}

// wantPatch checks the properties and the people in the last PATCH. Each element of people
// is a UPN, or a UPN and a role separated by a slash.
func wantPatch(t *testing.T, s *site, properties []string, people ...string) {
	t.Helper()
	all := bodies(s, "PATCH")
	if len(all) == 0 {
		t.Fatal("Graph got no PATCH")
	}
	var sent map[string]json.RawMessage
	var list struct {
		Attendees []struct{ UPN, Role string }
	}
	last := all[len(all)-1]
	if err := json.Unmarshal([]byte(last), &sent); err != nil {
		t.Fatal(err)
	}
	var names, got []string
	for name := range sent {
		names = append(names, name)
	}
	slices.Sort(names)
	if raw, ok := sent["participants"]; ok {
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range list.Attendees {
		got = append(got, strings.TrimSuffix(a.UPN+"/"+a.Role, "/"))
	}
	slices.Sort(got)
	slices.Sort(people)
	if !slices.Equal(names, properties) || !slices.Equal(got, people) {
		t.Errorf("Graph got %s\nwant %v with %v", last, properties, people)
	}
}

var presentersAndPeople = []string{"allowedPresenters", "participants"}

// TestRolesAfterCreate checks that a new meeting gets its roles and options. createOrGet does
// not accept them, so the desk sets them in a second request.
func TestRolesAfterCreate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.signIn(priya).post("/meetings", s.form("attendees", "tomas@contoso.example coorganizer", "presenters", "organizer"))
	p.want(200, "Created", "“Only organizers and co-organizers; tomas@contoso.example: Co-organizer”")
	wantPatch(t, s, presentersAndPeople, "tomas@contoso.example/coorganizer")
	if p.doc.Find(".asked").Length() != 0 || strings.Contains(p.text(), "Retry") {
		t.Errorf("the page shows a difference or offers a retry:\n%s", p.text())
	}
}

func TestChangeRoles(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withSwitches(emulator.Switches{PresentersNeedList: true}))
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example\ntomas@contoso.example")).want(200).url.Path
	change := func(set map[string]string) *page {
		t.Helper()
		form := fields(b.get(where + "/edit").want(200))
		for name, value := range set {
			form.Set(name, value)
		}
		return b.post(where+"/update", form)
	}
	change(map[string]string{"attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(200, "Specific people: those with the role presenter")
	wantPatch(t, s, presentersAndPeople, "dana@contoso.example", "tomas@contoso.example/presenter")
	if got := len(bodies(s, "PATCH")); got != 1 {
		t.Errorf("%d PATCH requests, want one with the option and the people", got)
	}

	t.Run("another presenter", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example presenter\ntomas@contoso.example presenter"}).want(200, "Changed")
		wantPatch(t, s, presentersAndPeople, "dana@contoso.example/presenter", "tomas@contoso.example/presenter")
	})
	t.Run("presenter demoted", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(200, "Changed")
		if got := s.roles(t); got[dana] == "presenter" || got[tomas] != "presenter" {
			t.Errorf("Graph has the roles %v", got)
		}
	})
	t.Run("co-organizer and presenter", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example coorganizer\ntomas@contoso.example presenter"}).want(200, "Changed")
		wantPatch(t, s, presentersAndPeople, "dana@contoso.example/coorganizer", "tomas@contoso.example/presenter")
	})
	t.Run("other option", func(t *testing.T) {
		before := len(bodies(s, "PATCH"))
		change(map[string]string{"presenters": "organizer"}).want(200, "Only organizers and co-organizers")
		wantPatch(t, s, []string{"allowedPresenters"})
		if got := len(bodies(s, "PATCH")) - before; got != 1 {
			t.Errorf("%d PATCH requests, want 1", got)
		}
		if got := s.roles(t); got[dana] != "coorganizer" {
			t.Errorf("Graph has the roles %v", got)
		}
	})
	t.Run("presenter that contradicts the option", func(t *testing.T) {
		before := len(s.graph.Requests())
		p := change(map[string]string{"presenters": "everyone", "attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(422)
		wantProblem(t, p, "presenters", "")
		if got := len(s.graph.Requests()); got != before {
			t.Errorf("Graph got %d requests, want none", got-before)
		}
	})
	t.Run("other option and another person", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		where := b.post("/meetings", s.form("attendees", "tomas@contoso.example presenter")).want(200, "Created").url.Path
		form := fields(b.get(where + "/edit").want(200))
		form.Set("presenters", "everyone")
		form.Set("attendees", form.Get("attendees")+"dana@contoso.example\n")
		b.post(where+"/update", form).want(200)
		if got := bodies(s, "PATCH"); len(got) != 3 || strings.Contains(got[1], `"role":"presenter"`) || !strings.Contains(got[1], dana) {
			t.Errorf("Graph got %s, want no role without effect", got)
		}
	})
	t.Run("presenters by role without presenters", func(t *testing.T) {
		change(map[string]string{"presenters": meeting.PresentersByRole, "subject": "And a name"}).want(200, "And a name")
		wantPatch(t, s, presentersAndPeople, "dana@contoso.example/coorganizer", "tomas@contoso.example")
	})
}

// TestRolesOfFoundMeeting checks that the roles of an existing meeting change only if the
// user confirms the change on the comparison page.
func TestRolesOfFoundMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("attendees", "tomas@contoso.example")).want(200, "Created")
	p := b.post("/meetings", s.form("anyway", "1", "attendees", "tomas@contoso.example presenter")).want(200, "Found")
	if got := bodies(s, "PATCH"); len(got) != 0 {
		t.Fatalf("Graph got %v, want no PATCH", got)
	}
	b.post(p.url.Path+"/update", formFields(p.doc.Find(`form[action$="/update"]`))).want(200)
	wantPatch(t, s, presentersAndPeople, "tomas@contoso.example/presenter")
}

// TestRolesInChannel covers meetings in channels. Graph has been observed to omit the
// attendees when it returns such a meeting.
func TestRolesInChannel(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta, withSwitches(emulator.Switches{ChannelHidesAttendees: true}))
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("thread_id", channelThread, "attendees", "tomas@contoso.example presenter\ndana@contoso.example")).want(200, "Created").url.Path
	wantPatch(t, s, presentersAndPeople, "tomas@contoso.example/presenter", "dana@contoso.example")
	if got := s.roles(t); got[tomas] != "presenter" || len(got) != 2 {
		t.Errorf("Graph has the roles %v", got)
	}

	t.Run("option that needs a list", func(t *testing.T) {
		form := fields(b.get(where + "/edit").want(200))
		form.Set("presenters", "everyone")
		b.post(where+"/update", form).want(200, "Everyone")
		form = fields(b.get(where + "/edit").want(200))
		form.Set("presenters", meeting.PresentersByRole)
		before := len(s.graph.Requests())
		wantProblem(t, b.post(where+"/update", form).want(422), "presenters", "")
		if len(s.graph.Requests()) != before || len(s.roles(t)) != 2 {
			t.Errorf("Graph got a request and has the roles %v, want none and two people", s.roles(t))
		}
		form.Set("attendees", "tomas@contoso.example presenter\ndana@contoso.example")
		b.post(where+"/update", form).want(200)
		if got := s.roles(t); got[tomas] != "presenter" || len(got) != 2 {
			t.Errorf("Graph has the roles %v", got)
		}
	})
}

// TestPresentersOfLargeMeeting covers a meeting for which Graph returns 750 people, its
// maximum. Sending back only those people would remove all others.
func TestPresentersOfLargeMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	crowd := func(m map[string]any) {
		many := make([]any, 800)
		for i := range many {
			many[i] = map[string]any{"upn": addressOf(i), "role": nil, "identity": nil}
		}
		m["participants"].(map[string]any)["attendees"] = many
	}
	old := fields(b.get(where + "/edit").want(200))
	old.Set("presenters", meeting.PresentersByRole)
	s.inTeams(crowd)
	b.post(where+"/update", old).want(200, "too many people")
	form := fields(b.get(where + "/edit").want(200))
	form.Set("presenters", meeting.PresentersByRole)
	wantProblem(t, b.post(where+"/update", form).want(422), "presenters", "750")
	if got := bodies(s, "PATCH"); len(got) != 0 || len(s.roles(t)) < 700 {
		t.Errorf("Graph got %.200v, want no PATCH", got)
	}
	form = fields(b.get(where + "/edit").want(200))
	form.Set("presenters", "organizer")
	b.post(where+"/update", form).want(200, "Only organizers and co-organizers")
}

// TestRoleWithoutEffect checks that the page points out a role that Graph accepted but did
// not store.
func TestRoleWithoutEffect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "wrong@contoso.example presenter\ntomas@contoso.example presenter")).want(200, "Created").url.Path
	p := b.get(where).want(200)
	if got := p.doc.Find(".asked").Text(); !strings.Contains(got, "wrong@contoso.example") || !strings.Contains(got, "Presenter") {
		t.Errorf("the page does not show that Graph dropped the role:\n%s", p.text())
	}
	form := fields(b.get(p.doc.Find(`a[href*="/edit?attempt="]`).AttrOr("href", "")).want(200))
	if !strings.Contains(form.Get("attendees"), "wrong@contoso.example presenter") || form.Get("subject") != "Printer on fire" {
		t.Errorf("the form does not have what was typed: %v", form)
	}
	b.post(p.doc.Find(`form[action$="/dismiss"]`).AttrOr("action", ""), url.Values{}).want(200)
	if p := b.get(where); p.doc.Find(".asked").Length() != 0 {
		t.Errorf("the dismissed difference is still shown:\n%s", p.text())
	}
}

// TestRolesInTheReadersLanguage checks that the form displays and parses roles in the
// reader's language.
func TestRolesInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form("attendees", "Presenters: tomas@contoso.example\nalex@contoso.example, coorganizador")).want(200, "Created")
	b := s.speaking(brazilian)
	b.signInAs(priya)
	p := b.get("/meetings/1/edit").want(200, "Salvar alterações")
	lines := p.doc.Find("textarea[name=attendees]").Text()
	if !strings.Contains(lines, "tomas@contoso.example> apresentador\n") && !strings.Contains(lines, "tomas@contoso.example apresentador\n") || !strings.Contains(lines, " coorganizador\n") {
		t.Errorf("the text area has\n%s", lines)
	}
	chips := p.doc.Find("[data-people]").AttrOr("data-people", "")
	for _, word := range []string{"apresentador", "coorganizador"} {
		if !strings.Contains(chips, `"role":"`+word+`"`) {
			t.Errorf("no chip has the role %q: %s", word, chips)
		}
	}
	sent := fields(p)
	sent.Set("subject", "Outro assunto")
	b.post("/meetings/1/update", sent).want(200, "Outro assunto")
	if got := s.roles(t); got["alex@contoso.example"] != "coorganizer" {
		t.Errorf("after a change in Portuguese the roles are %v", got)
	}
}
