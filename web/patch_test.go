package web_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// unaddressed contains attendees without an address, as Graph returns them. Such attendees
// cannot be entered in a form.
var unaddressed = map[string]string{
	"guest":               `{"upn":null,"role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana Guest"}}}`,
	"phone":               `{"upn":null,"role":null,"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","user":null,"phone":{"id":"+351 21 000 0000","displayName":null}}}`,
	"app":                 `{"identity":{"application":{"id":"a-1","displayName":"Room bot","extra":{"x":1}}}}`,
	"unknown kind":        `{"identity":{"hologram":{"id":"h-1","displayName":"Ana Hologram"}},"role":"attendee","shoeSize":43}`,
	"account without UPN": `{"upn":null,"role":null,"identity":{"user":{"id":"11111111-0000-4000-8000-000000000009","displayName":null,"tenantId":"t-2"}}}`,
	"unnamed":             `{"upn":null,"role":"attendee","identity":null}`,
}

func (s *site) joined(t *testing.T, raw string) {
	t.Helper()
	s.inTeams(func(m map[string]any) {
		var person any
		if err := json.Unmarshal([]byte(raw), &person); err != nil {
			t.Fatal(err)
		}
		people := m["participants"].(map[string]any)
		people["attendees"] = append(people["attendees"].([]any), person)
	})
}

func (s *site) entries() string {
	list := s.graph.Meetings()[0].Document["participants"].(map[string]any)["attendees"]
	raw, _ := json.Marshal(list)
	return string(raw)
}

// TestReplacingKeepsOthers checks that replacing a meeting's values preserves roles that
// the form did not set, as well as people who have no address.
func TestReplacingKeepsOthers(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	guest, phone := `{"identity":{"guest":{"displayName":"Ana Guest"}}}`, `{"identity":{"phone":{"id":"+351 1"}}}`
	for _, tt := range []struct {
		name   string
		joined []string
		asked  string
		lost   string // the person who would be removed, or ""
		remain []string
	}{
		{"guest", []string{guest}, "dana@contoso.example", "", nil},
		{"guest, phone and unnamed", []string{guest, phone, `{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`}, "DANA@contoso.example", "", nil},
		{"presenter", []string{`{"upn":"tomas@contoso.example","role":"presenter"}`}, "dana@contoso.example\ntomas@contoso.example", "", nil},
		{"co-organizer and producer", []string{`{"upn":"tomas@contoso.example","role":"coorganizer"}`, `{"upn":"alex@contoso.example","role":"producer"}`}, "alex@contoso.example; dana@contoso.example; Tomás <tomas@contoso.example>", "", nil},
		{"guest and another person", []string{guest, `{"upn":"tomas@contoso.example"}`}, "dana@contoso.example", "tomas@contoso.example", []string{"Ana Guest", "dana@"}},
		{"presenter, phone and new person", []string{phone, `{"upn":"tomas@contoso.example","role":"presenter"}`}, "tomas@contoso.example; alex@contoso.example", "dana@contoso.example", []string{`"presenter"`, "+351 1", "alex@"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200, "Created")
			s.inTeams(func(m map[string]any) { m["allowedPresenters"] = meeting.PresentersByRole })
			for _, raw := range tt.joined {
				s.joined(t, raw)
			}
			before := s.entries()
			p := b.post("/meetings", s.form("anyway", "1", "attendees", tt.asked)).want(200, "Found")
			if lost := p.doc.Find("#lost li").Text(); !strings.Contains(lost, tt.lost) || tt.lost == "" && lost != "" || strings.Contains(lost, "Guest") || strings.Contains(lost, "?") {
				t.Errorf("the page says that %q is lost, want %q", lost, tt.lost)
			}
			if tt.lost == "" {
				if p.doc.Find(".asked").Length() != 0 {
					t.Errorf("the page compares %s, want nothing", p.doc.Find(".asked").Text())
				}
				return
			}
			b.post(p.url.Path+"/update", fieldsOf(p, "/update")).want(200, "Changed")
			for _, want := range tt.remain {
				if !strings.Contains(s.entries(), want) {
					t.Errorf("replacing lost %s: from %s to %s", want, before, s.entries())
				}
			}
		})
	}
}

// TestPeopleWithoutAddressAreShown checks that people without an address appear on the
// meeting's pages and in the export, and that searching the history finds them.
func TestPeopleWithoutAddressAreShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
	for _, raw := range unaddressed {
		s.joined(t, raw)
	}
	p := b.post(where+"/refresh", nil).want(200, "Ana Guest", "+351 21 000 0000", "Room bot", "Ana Hologram", "Guest:", "Phone:", "Other:", "000000000009")
	if got := p.doc.Find(`.people [data-standing="guest"]`).Length(); got != 1 {
		t.Errorf("%d people are marked as guests, want 1", got)
	}
	b.get(where+"/edit").want(200, "Also on the list", "Ana Guest", "+351 21 000 0000")
	b.get("/history.csv").want(200, "Ana Guest", "+351 21 000 0000")
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != 6 {
		t.Errorf("the stored people are %+v, want 6", m.Attendees)
	}
	b.get("/history?q="+url.QueryEscape("Hologram")).want(200, "INC0012345")
}

// TestReplyWithoutPeople checks that the desk does not send a list of attendees if Graph's
// response omits them, because an incomplete list could remove people from the meeting.
func TestReplyWithoutPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
	m := newest(t, s, "INC0012345")
	s.graph.FailNext("GET /me/onlineMeetings/{id}", emulator.Failure{Status: 200, ContentType: "application/json",
		Body: `{"id":"` + m.GraphID + `","subject":"Printer on fire"}`})
	form := fields(b.get(where + "/edit").want(200))
	form.Set("attendees", "tomas@contoso.example")
	b.post(where+"/update", form).want(200, "did not say who is on the meeting’s list")
	if got := bodies(s, "PATCH"); len(got) != 0 {
		t.Errorf("Graph got %s, want no PATCH", got)
	}
	b.post(retryOf(t, s), nil).want(200)
	if got := bodies(s, "PATCH"); len(got) != 1 {
		t.Errorf("after the retry Graph got %s, want one PATCH", got)
	}
}
