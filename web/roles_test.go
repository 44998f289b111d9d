package web_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// roles are those of a meeting's people as Graph has them, by address.
func (s *site) roles(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, m := range s.graph.Meetings() {
		for _, one := range m.Document["participants"].(map[string]any)["attendees"].([]any) {
			upn, _ := one.(map[string]any)["upn"].(string)
			found[upn], _ = one.(map[string]any)["role"].(string)
		}
	}
	return found
}

// wantPatch expects the last PATCH to have those properties and no others, and the
// people to be those, each with their role after a slash.
func wantPatch(t *testing.T, s *site, properties []string, people ...string) {
	t.Helper()
	all := bodies(s, "PATCH")
	if len(all) == 0 {
		t.Fatal("Graph was sent no PATCH")
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
	for _, one := range list.Attendees {
		got = append(got, strings.TrimSuffix(one.UPN+"/"+one.Role, "/"))
	}
	slices.Sort(got)
	slices.Sort(people)
	if !slices.Equal(names, properties) || !slices.Equal(got, people) {
		t.Errorf("Graph was sent %s\nwant %v with %v", last, properties, people)
	}
}

var both = []string{"allowedPresenters", "participants"}

// The page shows what createOrGet does not take and the desk has set afterwards.
func TestRolesOfANewMeetingAreShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.signIn(priya).post("/meetings", s.form("attendees", "tomas@contoso.example coorganizer", "presenters", "organizer"))
	p.want(200, "Created", "“Only the organizer; tomas@contoso.example: Co-organizer”")
	wantPatch(t, s, both, "tomas@contoso.example/coorganizer")
	if p.doc.Find(".asked").Length() != 0 || strings.Contains(p.text(), "Retry") {
		t.Errorf("something is left to do:\n%s", p.text())
	}
}

func TestRolesAreChanged(t *testing.T) {
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
	change(map[string]string{"attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(200, "Those marked as presenter")
	wantPatch(t, s, both, "dana@contoso.example", "tomas@contoso.example/presenter")
	if got := len(bodies(s, "PATCH")); got != 1 {
		t.Errorf("%d PATCH requests, want one with both", got)
	}

	t.Run("another presenter", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example presenter\ntomas@contoso.example presenter"}).want(200, "Changed")
		wantPatch(t, s, both, "dana@contoso.example/presenter", "tomas@contoso.example/presenter")
	})
	t.Run("one less", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(200, "Changed")
		if got := s.roles(t); got[dana] == "presenter" || got[tomas] != "presenter" {
			t.Errorf("Graph has the roles %v", got)
		}
	})
	t.Run("a co-organizer beside a presenter", func(t *testing.T) {
		change(map[string]string{"attendees": "dana@contoso.example coorganizer\ntomas@contoso.example presenter"}).want(200, "Changed")
		wantPatch(t, s, both, "dana@contoso.example/coorganizer", "tomas@contoso.example/presenter")
	})
	t.Run("the option is set to something else", func(t *testing.T) {
		before := len(bodies(s, "PATCH"))
		change(map[string]string{"presenters": "organizer"}).want(200, "Only the organizer")
		wantPatch(t, s, []string{"allowedPresenters"})
		if got := len(bodies(s, "PATCH")) - before; got != 1 {
			t.Errorf("%d PATCH requests, want one", got)
		}
		if got := s.roles(t); got[dana] != "coorganizer" {
			t.Errorf("Graph has the roles %v", got)
		}
	})
	t.Run("a presenter against the option", func(t *testing.T) {
		before := len(s.graph.Requests())
		p := change(map[string]string{"presenters": "everyone", "attendees": "dana@contoso.example\ntomas@contoso.example presenter"}).want(422)
		wantProblem(t, p, "presenters", "")
		if got := len(s.graph.Requests()); got != before {
			t.Errorf("Graph was asked %d times", got-before)
		}
	})
	t.Run("another option, and somebody more", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		where := b.post("/meetings", s.form("attendees", "tomas@contoso.example presenter")).want(200, "Created").url.Path
		form := fields(b.get(where + "/edit").want(200))
		form.Set("presenters", "everyone")
		form.Set("attendees", form.Get("attendees")+"dana@contoso.example\n")
		b.post(where+"/update", form).want(200)
		if got := bodies(s, "PATCH"); len(got) != 3 || strings.Contains(got[1], `"role":"presenter"`) || !strings.Contains(got[1], dana) {
			t.Errorf("Graph was sent %s, want no role that counts for nothing", got)
		}
	})
	t.Run("and back, with nobody marked", func(t *testing.T) {
		change(map[string]string{"presenters": meeting.PresentersByRole, "subject": "And a name"}).want(200, "And a name")
		wantPatch(t, s, both, "dana@contoso.example/coorganizer", "tomas@contoso.example")
	})
}

// Somebody else's meeting is not changed, and what was asked of it is compared.
func TestRolesOfAMeetingThatWasThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("attendees", "tomas@contoso.example")).want(200, "Created")
	p := b.post("/meetings", s.form("anyway", "1", "attendees", "tomas@contoso.example presenter")).want(200, "Found")
	if got := bodies(s, "PATCH"); len(got) != 0 {
		t.Fatalf("Graph was sent %v", got)
	}
	b.post(p.url.Path+"/update", formFields(p.doc.Find(`form[action$="/update"]`))).want(200)
	wantPatch(t, s, both, "tomas@contoso.example/presenter")
}

// In a channel Graph was seen to leave people out of its replies.
func TestRolesInAChannel(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta, withSwitches(emulator.Switches{ChannelHidesAttendees: true}))
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("thread_id", channelThread, "attendees", "tomas@contoso.example presenter\ndana@contoso.example")).want(200, "Created").url.Path
	wantPatch(t, s, both, "tomas@contoso.example/presenter", "dana@contoso.example")
	if got := s.roles(t); got[tomas] != "presenter" || len(got) != 2 {
		t.Errorf("Graph has the roles %v", got)
	}

	t.Run("the option without a list could throw people out", func(t *testing.T) {
		form := fields(b.get(where + "/edit").want(200))
		form.Set("presenters", "everyone")
		b.post(where+"/update", form).want(200, "Everyone")
		form = fields(b.get(where + "/edit").want(200))
		form.Set("presenters", meeting.PresentersByRole)
		before := len(s.graph.Requests())
		wantProblem(t, b.post(where+"/update", form).want(422), "presenters", "")
		if len(s.graph.Requests()) != before || len(s.roles(t)) != 2 {
			t.Errorf("Graph was asked, and has %v", s.roles(t))
		}
		form.Set("attendees", "tomas@contoso.example presenter\ndana@contoso.example")
		b.post(where+"/update", form).want(200)
		if got := s.roles(t); got[tomas] != "presenter" || len(got) != 2 {
			t.Errorf("Graph has the roles %v", got)
		}
	})
}

// A list that has 750 people in Graph's reply may be longer and cannot be sent.
func TestPresentersOfAMeetingThatIsTooLarge(t *testing.T) {
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
		t.Errorf("Graph was sent %.200v", got)
	}
	form = fields(b.get(where + "/edit").want(200))
	form.Set("presenters", "organizer")
	b.post(where+"/update", form).want(200, "Only the organizer")
}

// Graph may take a role without effect; then the page says so.
func TestRolesThatGraphDoesNotKeep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "wrong@contoso.example presenter\ntomas@contoso.example presenter")).want(200, "Created").url.Path
	p := b.get(where).want(200)
	if got := p.doc.Find(".asked").Text(); !strings.Contains(got, "wrong@contoso.example") || !strings.Contains(got, "Presenter") {
		t.Errorf("that Graph dropped the role is not shown:\n%s", p.text())
	}
	form := fields(b.get(p.doc.Find(`a[href*="/edit?attempt="]`).AttrOr("href", "")).want(200))
	if !strings.Contains(form.Get("attendees"), "wrong@contoso.example presenter") || form.Get("subject") != "Printer on fire" {
		t.Errorf("the form does not have what was asked: %v", form)
	}
	b.post(p.doc.Find(`form[action$="/dismiss"]`).AttrOr("action", ""), url.Values{}).want(200)
	if p := b.get(where); p.doc.Find(".asked").Length() != 0 {
		t.Errorf("it is compared still:\n%s", p.text())
	}
}
