package web_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// unaddressed are people as Graph's replies may have them, whom no form can name.
var unaddressed = map[string]string{
	"a guest":                `{"upn":null,"role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana Guest"}}}`,
	"a phone":                `{"upn":null,"role":null,"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","user":null,"phone":{"id":"+351 21 000 0000","displayName":null}}}`,
	"an app":                 `{"identity":{"application":{"id":"a-1","displayName":"Room bot","extra":{"x":1}}}}`,
	"a kind of tomorrow":     `{"identity":{"hologram":{"id":"h-1","displayName":"Ana Hologram"}},"role":"attendee","shoeSize":43}`,
	"an account without UPN": `{"upn":null,"role":null,"identity":{"user":{"id":"11111111-0000-4000-8000-000000000009","displayName":null,"tenantId":"t-2"}}}`,
	"nobody that is named":   `{"upn":null,"role":"attendee","identity":null}`,
}

// joined adds somebody to the meeting, as Teams would.
func (s *site) joined(t *testing.T, raw string) {
	t.Helper()
	s.inTeams(func(m map[string]any) {
		var one any
		if err := json.Unmarshal([]byte(raw), &one); err != nil {
			t.Fatal(err)
		}
		people := m["participants"].(map[string]any)
		people["attendees"] = append(people["attendees"].([]any), one)
	})
}

// entries are the people of the only meeting as Graph has them.
func (s *site) entries() string {
	list := s.graph.Meetings()[0].Document["participants"].(map[string]any)["attendees"]
	raw, _ := json.Marshal(list)
	return string(raw)
}

// A change sends what changed and nothing else: what is not sent loses nothing.
func TestAChangeSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		set  map[string]string
		want string // %s: the day
	}{
		{"the subject", map[string]string{"subject": "Renamed"}, `{"subject":"Renamed"}`},
		{"no subject", map[string]string{"subject": ""}, `{"subject":""}`},
		{"the start", map[string]string{"start": "10:15"}, `{"startDateTime":"%[1]sT10:15:00Z","endDateTime":"%[1]sT10:30:00Z"}`},
		{"the end", map[string]string{"end": "11:45"}, `{"startDateTime":"%[1]sT10:00:00Z","endDateTime":"%[1]sT11:45:00Z"}`},
		{"the people", map[string]string{"attendees": "tomas@contoso.example"}, `{"participants":{"attendees":[{"upn":"tomas@contoso.example"}]}}`},
		{"nobody is left", map[string]string{"attendees": ""}, `{"participants":{"attendees":[]}}`},
		{"the order and spelling of people, and the subject", map[string]string{"attendees": "  DANA@contoso.example\n", "subject": "R"}, `{"subject":"R"}`},
		{"the zone alone moves the times", map[string]string{"time_zone": "Asia/Tokyo", "start": "19:00", "end": "19:45"}, `{"startDateTime":"%[1]sT10:00:00Z","endDateTime":"%[1]sT10:45:00Z"}`},
		{"a switch", map[string]string{"announce": "off"}, `{"isEntryExitAnnounced":false}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			where := b.post("/meetings", s.form("attendees", "dana@contoso.example", "time_zone", "UTC")).want(200, "Created").url.Path
			form := fields(b.get(where + "/edit").want(200))
			for name, value := range tt.set {
				form.Set(name, value)
			}
			b.post(where+"/update", form).want(200)
			want := tt.want
			if strings.Contains(want, "%") {
				want = fmt.Sprintf(want, newest(t, s, "INC0012345").Start.Format("2006-01-02"))
			}
			if got := bodies(s, "PATCH"); len(got) != 1 || got[0] != want {
				t.Errorf("Graph was sent %s\nwant %s", got, want)
			}
		})
	}
}

// A form cannot name everybody on the list of a meeting that is found, and a role
// that nobody typed was not asked for: neither differs, and neither is lost.
func TestWhatAFoundMeetingHasBesidesIsNotAskedAway(t *testing.T) {
	t.Parallel()
	guest, phone := `{"identity":{"guest":{"displayName":"Ana Guest"}}}`, `{"identity":{"phone":{"id":"+351 1"}}}`
	for _, tt := range []struct {
		name   string
		there  []string
		asked  string
		lost   string // a name; "" where nothing differs
		remain []string
	}{
		{"a guest", []string{guest}, "dana@contoso.example", "", nil},
		{"a guest, a phone and nobody in particular", []string{guest, phone, `{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`}, "DANA@contoso.example", "", nil},
		{"a presenter", []string{`{"upn":"tomas@contoso.example","role":"presenter"}`}, "dana@contoso.example\ntomas@contoso.example", "", nil},
		{"a co-organizer and a producer", []string{`{"upn":"tomas@contoso.example","role":"coorganizer"}`, `{"upn":"alex@contoso.example","role":"producer"}`}, "alex@contoso.example; dana@contoso.example; Tomás <tomas@contoso.example>", "", nil},
		{"a guest, and somebody else", []string{guest, `{"upn":"tomas@contoso.example"}`}, "dana@contoso.example", "tomas@contoso.example", []string{"Ana Guest", "dana@"}},
		{"a presenter, a phone, and somebody new", []string{phone, `{"upn":"tomas@contoso.example","role":"presenter"}`}, "tomas@contoso.example; alex@contoso.example", "dana@contoso.example", []string{`"presenter"`, "+351 1", "alex@"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200, "Created")
			s.inTeams(func(m map[string]any) { m["allowedPresenters"] = meeting.PresentersByRole })
			for _, raw := range tt.there {
				s.joined(t, raw)
			}
			before := s.entries()
			p := b.post("/meetings", s.form("anyway", "1", "attendees", tt.asked)).want(200, "Found")
			if lost := p.doc.Find("#lost li").Text(); !strings.Contains(lost, tt.lost) || tt.lost == "" && lost != "" || strings.Contains(lost, "Guest") || strings.Contains(lost, "?") {
				t.Errorf("it is said to overwrite %q, want %q", lost, tt.lost)
			}
			if tt.lost == "" {
				if p.doc.Find(".asked").Length() != 0 {
					t.Errorf("it is said to differ: %s", p.doc.Find(".asked").Text())
				}
				return
			}
			b.post(p.url.Path+"/update", fieldsOf(p, "/update")).want(200, "Changed")
			for _, want := range tt.remain {
				if !strings.Contains(s.entries(), want) {
					t.Errorf("replacing lost %s of %s: %s", want, before, s.entries())
				}
			}
		})
	}
}

// Several entries that look alike are no change of the list either.
func TestAChangeOfAListWithEntriesThatLookAlike(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]string{
		"two guests of one name":     {`{"upn":null,"identity":{"guest":{"displayName":"Guest"}}}`, `{"upn":null,"identity":{"guest":{"displayName":"Guest"}}}`},
		"three guests without names": {`{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`},
		"two phones, and a guest":    {`{"identity":{"phone":{}}}`, `{"identity":{"guest":{}}}`, `{"identity":{"phone":{}}}`},
		"an account twice":           {`{"upn":"dana@contoso.example"}`},
		"an account in capitals":     {`{"upn":"DANA@contoso.example","identity":null}`},
		"an account without UPN":     {`{"identity":{"user":{"id":"u-9"}}}`, `{"identity":{"user":{"id":"u-9"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
			for _, raw := range list {
				s.joined(t, raw)
			}
			b.post(where+"/refresh", nil).want(200)
			p := b.change(where, "Renamed").want(200, "Renamed")
			if got := bodies(s, "PATCH"); len(got) != 1 || got[0] != `{"subject":"Renamed"}` {
				t.Errorf("Graph was sent %s, want the subject alone", got)
			}
			if p.doc.Find(".asked").Length() != 0 {
				t.Errorf("what was asked is said to differ: %s", p.doc.Find(".asked").Text())
			}
			form := fields(b.get(where + "/edit").want(200))
			form.Set("attendees", form.Get("attendees")+"\ntomas@contoso.example")
			if p = b.post(where+"/update", form).want(200, "tomas@contoso.example"); p.doc.Find(".asked").Length() != 0 {
				t.Errorf("with somebody more, what was asked is said to differ: %s", p.doc.Find(".asked").Text())
			}
			for _, kind := range []string{`"guest"`, `"phone"`} {
				if want, got := strings.Count(strings.Join(list, ""), kind), strings.Count(s.entries(), kind); got != want {
					t.Errorf("%d of %d with a %s are left: %s", got, want, kind, s.entries())
				}
			}
		})
	}
}

// People whom Graph names in a way that the form cannot express stay on the list.
func TestAChangeLosesNobody(t *testing.T) {
	t.Parallel()
	for name, raw := range unaddressed {
		for _, tt := range []struct {
			name string
			set  map[string]string
			list bool // it takes the list
		}{
			{"renamed", map[string]string{"subject": "Renamed"}, false},
			{"moved", map[string]string{"start": "11:00", "end": "12:00"}, false},
			{"an option", map[string]string{"lobby": "everyone"}, false},
			{"somebody more", map[string]string{"attendees": "dana@contoso.example\ntomas@contoso.example"}, true},
			{"somebody less", map[string]string{"attendees": ""}, true},
			{"a presenter", map[string]string{"attendees": "dana@contoso.example presenter"}, true},
			{"presenters by role", map[string]string{"presenters": meeting.PresentersByRole}, true},
		} {
			for _, seen := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, seen %v", name, tt.name, seen), func(t *testing.T) {
					t.Parallel()
					s := newSite(t)
					b := s.signIn(priya)
					where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
					s.joined(t, raw)
					if seen {
						b.post(where+"/refresh", nil).want(200)
					}
					form := fields(b.get(where + "/edit").want(200))
					for name, value := range tt.set {
						form.Set(name, value)
					}
					p := b.post(where+"/update", form).want(200)
					if !seen && strings.Contains(p.text(), "changed somewhere else") {
						b.post(retryOf(t, s), nil).want(200) // the person has seen it now
					}
					var want, got any
					_ = json.Unmarshal([]byte(raw), &want)
					var list []any
					_ = json.Unmarshal([]byte(s.entries()), &list)
					for _, one := range list {
						if fmt.Sprint(withoutNulls(one)) == fmt.Sprint(withoutNulls(want)) {
							got = one
						}
					}
					if got == nil {
						t.Errorf("lost: Graph has %s, want %s in it", s.entries(), raw)
					}
					if sent := strings.Contains(fmt.Sprint(bodies(s, "PATCH")), "participants"); sent != tt.list {
						t.Errorf("the list was sent: %v, want %v: %s", sent, tt.list, bodies(s, "PATCH"))
					}
				})
			}
		}
	}
}

// withoutNulls drops what is null, and what the emulator does not keep.
func withoutNulls(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	kept := make(map[string]any)
	for name, value := range object {
		if value != nil && name != "shoeSize" {
			kept[name] = withoutNulls(value)
		}
	}
	return kept
}

// What goes back is what came, to the letter.
func TestWhoCannotBeReadGoesBackAsTheyCame(t *testing.T) {
	t.Parallel()
	for name, raw := range unaddressed {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
			s.joined(t, raw)
			b.post(where+"/refresh", nil).want(200)
			form := fields(b.get(where + "/edit").want(200))
			form.Set("attendees", "tomas@contoso.example")
			b.post(where+"/update", form).want(200, "Changed")
			var sent struct{ Participants struct{ Attendees []any } }
			if err := json.Unmarshal([]byte(bodies(s, "PATCH")[0]), &sent); err != nil {
				t.Fatal(err)
			}
			var want any
			_ = json.Unmarshal([]byte(raw), &want)
			if got := sent.Participants.Attendees; len(got) != 2 || fmt.Sprint(got[1]) != fmt.Sprint(want) {
				t.Errorf("Graph was sent %v, want %v among them", got, want)
			}
		})
	}
}

// The page shows them, and the form says that they stay.
func TestPeopleWithoutAnAddressAreShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
	for _, raw := range unaddressed {
		s.joined(t, raw)
	}
	p := b.post(where+"/refresh", nil).want(200, "Ana Guest", "+351 21 000 0000", "Room bot", "Ana Hologram", "Guest:", "Phone:", "Other:", "000000000009")
	if got := p.doc.Find(`.people [data-standing="guest"]`).Length(); got != 1 {
		t.Errorf("%d people are marked as guests, want one", got)
	}
	b.get(where+"/edit").want(200, "Also on the list", "Ana Guest", "+351 21 000 0000")
	b.get("/history.csv").want(200, "Ana Guest", "+351 21 000 0000")
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != 6 {
		t.Errorf("recorded are %+v", m.Attendees)
	}
	b.get("/history?q="+url.QueryEscape("Hologram")).want(200, "INC0012345")
}

// An identity that comes with an address is kept with it, even if the role changes.
func TestAnIdentityBesideAnAddressIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
	s.joined(t, `{"upn":"ana@fabrikam.example","role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana"}}}`)
	s.joined(t, `{"upn":"tomas@contoso.example","role":null,"identity":{"user":{"id":"`+tomasID+`","tenantId":"t-1","identityProvider":"AAD"}}}`)
	b.post(where+"/refresh", nil).want(200)
	form := fields(b.get(where + "/edit").want(200))
	form.Set("attendees", strings.Replace(form.Get("attendees"), "tomas@contoso.example", "tomas@contoso.example coorganizer", 1))
	b.post(where+"/update", form).want(200, "Changed")
	for _, want := range []string{`"guest":{"displayName":"Ana","id":"g-1"}`, `"tenantId":"t-1"`, `"role":"coorganizer"`} {
		if got := bodies(s, "PATCH")[0]; !strings.Contains(got, want) {
			t.Errorf("Graph was sent %s, without %s", got, want)
		}
	}
	form = fields(b.get(where + "/edit").want(200))
	form.Set("attendees", strings.Replace(form.Get("attendees"), "ana@fabrikam.example>", "ana@fabrikam.example> presenter", 1))
	wantProblem(t, b.post(where+"/update", form).want(422), "attendees", "ana@fabrikam.example")
}

// A reply without people does not show whom a list would remove.
func TestNoListIsSentWhereGraphNamesNobody(t *testing.T) {
	t.Parallel()
	for _, set := range []map[string]string{
		{"attendees": "tomas@contoso.example"}, {"presenters": meeting.PresentersByRole}, {"attendees": "dana@contoso.example presenter"}, {"attendees": ""},
	} {
		s := newSite(t)
		b := s.signIn(priya)
		where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
		m := newest(t, s, "INC0012345")
		s.graph.FailNext("GET /me/onlineMeetings/{id}", emulator.Failure{Status: 200, ContentType: "application/json",
			Body: `{"id":"` + m.GraphID + `","subject":"Printer on fire"}`})
		form := fields(b.get(where + "/edit").want(200))
		for name, value := range set {
			form.Set(name, value)
		}
		b.post(where+"/update", form).want(200, "did not say who is on the meeting’s list")
		if got := bodies(s, "PATCH"); len(got) != 0 {
			t.Errorf("%v: Graph was sent %s", set, got)
		}
		b.post(retryOf(t, s), nil).want(200)
		if got := bodies(s, "PATCH"); len(got) != 1 {
			t.Errorf("%v: Graph was sent %s after the retry", set, got)
		}
	}
}
