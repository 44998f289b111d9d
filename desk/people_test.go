package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// unaddressed contains participants without an address, in Graph's format.
var unaddressed = map[string]string{
	"guest":               `{"upn":null,"role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana Guest"}}}`,
	"phone":               `{"upn":null,"role":null,"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","user":null,"phone":{"id":"+351 21 000 0000","displayName":null}}}`,
	"application":         `{"identity":{"application":{"id":"a-1","displayName":"Room bot","extra":{"x":1}}}}`,
	"kind yet unknown":    `{"identity":{"hologram":{"id":"h-1","displayName":"Ana Hologram"}},"role":"attendee","shoeSize":43}`,
	"account without UPN": `{"upn":null,"role":null,"identity":{"user":{"id":"11111111-0000-4000-8000-000000000009","displayName":null,"tenantId":"t-2"}}}`,
	"nobody":              `{"upn":null,"role":"attendee","identity":null}`,
}

// join adds a person to the meeting, as if they had joined in Teams.
func join(d *desktest.Desk, raw string) {
	d.T.Helper()
	var entry any
	if err := json.Unmarshal([]byte(raw), &entry); err != nil {
		d.T.Fatal(err)
	}
	d.InTeams(func(m map[string]any) {
		people := m["participants"].(map[string]any)
		people["attendees"] = append(people["attendees"].([]any), entry)
	})
}

func TestAnUpdateKeepsPeopleWhomTheFormCannotName(t *testing.T) {
	if testing.Short() {
		t.Skip("starts 84 desks")
	}
	t.Parallel()
	for name, raw := range unaddressed {
		for _, tt := range []struct {
			name string
			edit func(*meeting.Request)
			list bool // whether the PATCH must contain the list of people
		}{
			{"rename", subject("Renamed"), false},
			{"move", func(r *meeting.Request) { r.Start, r.End = r.Start.Add(time.Hour), r.End.Add(time.Hour) }, false},
			{"option", option(meeting.OptionLobby, "everyone"), false},
			{"one more", attendees(person(dana), person(tomas)), true},
			{"one less", attendees(), true},
			{"presenter", attendees(presenter(dana)), true},
			{"presenters by role", option(meeting.OptionPresenters, meeting.PresentersByRole), true},
		} {
			for _, seen := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, seen %v", name, tt.name, seen), func(t *testing.T) {
					t.Parallel()
					d := desktest.New(t)
					p := d.SignIn(priya)
					m := create(d, p)
					join(d, raw)
					if seen {
						refresh(d, p, m.ID)
					}
					update(d, p, m.ID, tt.edit)
					if d.Attempts(m.ID)[0].Reason == meeting.ReasonChanged {
						retry(d, p, m.ID) // the first change was refused because of the new entry
					}
					wanted, found := withoutNulls(decode(t, raw)), false
					for _, entry := range d.People() {
						found = found || fmt.Sprint(withoutNulls(entry)) == fmt.Sprint(wanted)
					}
					if !found {
						t.Errorf("Graph has %v, want %s among them", d.People(), raw)
					}
					if sent := strings.Contains(fmt.Sprint(d.Bodies("PATCH")), "participants"); sent != tt.list {
						t.Errorf("the list was sent: %v, want %v: %s", sent, tt.list, d.Bodies("PATCH"))
					}
				})
			}
		}
	}
}

func decode(t *testing.T, raw string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// withoutNulls returns v without null values and without shoeSize, which the emulator
// does not store.
func withoutNulls(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	rest := make(map[string]any)
	for name, value := range object {
		if value != nil && name != "shoeSize" {
			rest[name] = withoutNulls(value)
		}
	}
	return rest
}

// If an entry in the list of people has no address, the desk sends it back unchanged.
func TestUnreadableEntriesAreSentBackUnchanged(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, raw := range unaddressed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			join(d, raw)
			refresh(d, p, m.ID)
			update(d, p, m.ID, attendees(person(tomas)))
			var sent struct{ Participants struct{ Attendees []any } }
			if err := json.Unmarshal([]byte(d.Bodies("PATCH")[0]), &sent); err != nil {
				t.Fatal(err)
			}
			if got := sent.Participants.Attendees; len(got) != 2 || fmt.Sprint(got[1]) != fmt.Sprint(decode(t, raw)) {
				t.Errorf("Graph was sent %v, want %s after Tomás", got, raw)
			}
		})
	}
}

func TestEntriesThatLookAlikeAreNoChange(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, list := range map[string][]string{
		"two guests of one name":        {`{"upn":null,"identity":{"guest":{"displayName":"Guest"}}}`, `{"upn":null,"identity":{"guest":{"displayName":"Guest"}}}`},
		"three guests without a name":   {`{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`, `{"identity":{"guest":{}}}`},
		"two phones and a guest":        {`{"identity":{"phone":{}}}`, `{"identity":{"guest":{}}}`, `{"identity":{"phone":{}}}`},
		"an account twice":              {`{"upn":"dana@contoso.example"}`},
		"an account in capitals":        {`{"upn":"DANA@contoso.example","identity":null}`},
		"an account without UPN, twice": {`{"identity":{"user":{"id":"u-9"}}}`, `{"identity":{"user":{"id":"u-9"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			for _, raw := range list {
				join(d, raw)
			}
			refresh(d, p, m.ID)
			met := func() {
				t.Helper()
				now := d.Meeting(m.ID)
				if left := d.Attempts(m.ID)[0].Wish(now.Attendees).Differences(now.Details); len(left) != 0 {
					t.Errorf("what was asked for differs in %v", left)
				}
			}
			update(d, p, m.ID, subject("Renamed"))
			met()
			if got := d.Bodies("PATCH"); len(got) != 1 || got[0] != `{"subject":"Renamed"}` {
				t.Errorf("Graph was sent %s, want the subject alone", got)
			}
			update(d, p, m.ID, func(r *meeting.Request) { r.Attendees = append(r.Attendees, person(tomas)) })
			met()
			raw, err := json.Marshal(d.People())
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{`"guest"`, `"phone"`} {
				if got, want := strings.Count(string(raw), kind), strings.Count(strings.Join(list, ""), kind); got != want {
					t.Errorf("Graph has %d entries with %s, want %d: %s", got, kind, want, raw)
				}
			}
		})
	}
}

// A change of role keeps the identities of people who also have an address.
func TestAnIdentityStaysWithItsAddress(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	join(d, `{"upn":"ana@fabrikam.example","role":"attendee","identity":{"guest":{"id":"g-1","displayName":"Ana"}}}`)
	join(d, `{"upn":"tomas@contoso.example","role":null,"identity":{"user":{"id":"`+tomasID+`","tenantId":"t-1","identityProvider":"AAD"}}}`)
	join(d, `{"upn":"p@contoso.example","role":"producer","identity":{"user":{"id":"11111111-0000-4000-8000-000000000002"}}}`)
	refresh(d, p, m.ID)
	update(d, p, m.ID, func(r *meeting.Request) { r.Attendees[2].Role = meeting.RoleCoorganizer })
	for _, want := range []string{`"guest":{"displayName":"Ana","id":"g-1"}`, `"tenantId":"t-1"`, `"role":"coorganizer"`, `"role":"producer"`, "000000000002"} {
		if got := d.Bodies("PATCH")[0]; !strings.Contains(got, want) {
			t.Errorf("Graph was sent %s, without %s", got, want)
		}
	}
}

// If a reply lacks the list of people, the desk cannot know whom a new list would remove, so
// it sends no list.
func TestNoListIsSentWhenGraphReturnsNone(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, edit := range map[string]func(*meeting.Request){
		"somebody else":      attendees(person(tomas)),
		"nobody":             attendees(),
		"presenter":          attendees(presenter(dana)),
		"presenters by role": option(meeting.OptionPresenters, meeting.PresentersByRole),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 200, ContentType: "application/json",
				Body: `{"id":"` + m.GraphID + `","subject":"Printer on fire"}`})
			update(d, p, m.ID, edit)
			wantFailed(t, d, m.ID, meeting.ReasonList)
			if got := d.Bodies("PATCH"); len(got) != 0 {
				t.Errorf("Graph was sent %s", got)
			}
			retry(d, p, m.ID)
			if got := d.Bodies("PATCH"); len(got) != 1 {
				t.Errorf("after the retry Graph was sent %s", got)
			}
		})
	}
}

func TestAttendeesAreResolved(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	d := desktest.New(t, withDirectory())
	p := d.SignIn(priya)
	m := create(d, p, attendees(person("TOMAS@contoso.example"), person("wrong@contoso.example"), person("ana@fabrikam.example")))
	for i, want := range []string{tomasID, "", ""} {
		if got := m.Attendees[i].ObjectID; got != want {
			t.Errorf("%s has the object ID %q, want %q", m.Attendees[i].UPN, got, want)
		}
	}
	lookUps := func() (n int) {
		for _, r := range d.Emulator.Requests() {
			if strings.HasPrefix(r.Path, "/v1.0/users/") {
				n++
			}
		}
		return n
	}
	t.Run("a change asks about new people only", func(t *testing.T) {
		before := lookUps()
		update(d, p, m.ID, func(r *meeting.Request) { r.Attendees = []meeting.Attendee{r.Attendees[0], presenter(dana)} })
		if now := d.Meeting(m.ID); lookUps()-before != 1 || len(now.Attendees) != 2 || now.Attendees[1].ObjectID != danaID {
			t.Errorf("%d look-ups; the people are %+v", lookUps()-before, now.Attendees)
		}
	})
	t.Run("a form asks about 100 people at most", func(t *testing.T) {
		var many []meeting.Attendee
		for i := range 130 {
			many = append(many, person(fmt.Sprintf("person%d@contoso.example", i)))
		}
		before := lookUps()
		create(d, p, externalID("INC2"), attendees(many...))
		if got := lookUps() - before; got == 0 || got > 100 {
			t.Errorf("%d look-ups", got)
		}
	})
	t.Run("a directory that fails is not asked again and delays nothing", func(t *testing.T) {
		d.Emulator.FailNext("GET /users/{user}", emulator.Failure{Status: 500, Times: 10})
		before := lookUps()
		m := create(d, p, externalID("INC3"), attendees(person(tomas)))
		if m.Attendees[0].ObjectID != "" || lookUps()-before > 3 {
			t.Errorf("%d look-ups; the people are %+v", lookUps()-before, m.Attendees)
		}
	})
}

func TestTheDirectoryIsNotAskedWithoutPermission(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	if d.CanLookUp(t.Context(), p) {
		t.Error("people can be looked up without the permission")
	}
	wantRequests(t, d, 1, func() { create(d, p, attendees(person(tomas))) })
	_, err := d.SearchPeople(t.Context(), p, "tomas")
	wantError(t, err, meeting.Forbidden, meeting.ReasonPeopleOff)
}

func TestSearchPeople(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withDirectory())
	p := d.SignIn(priya)
	found, err := d.SearchPeople(t.Context(), p, "tomas")
	if err != nil || len(found) != 1 || found[0].ObjectID != tomasID {
		t.Errorf("found %+v, %v", found, err)
	}
	d.Emulator.FailNext("GET /users", forbidden)
	_, err = d.SearchPeople(t.Context(), p, "tomas")
	wantError(t, err, meeting.Unavailable, meeting.ReasonPeopleUnavailable)
}

// TestCheckRoles checks who can be a presenter or co-organizer, with and without access to
// the directory.
func TestCheckRoles(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	guest := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e79", UPN: "lee_fabrikam.example#EXT#@contoso.onmicrosoft.example", Mail: "lee@fabrikam.example", Name: "Lee Long"}
	other := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e80", UPN: "kim@contoso-brasil.example", Name: "Kim Souza"}
	alias := emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e81", UPN: "x123@contoso.example", Mail: "rui.costa@contoso.example", Name: "Rui Costa"}
	with := desktest.New(t, withDirectory(guest, other, alias))
	without := desktest.New(t)
	const outsider, unsure = meeting.ReasonRolesOutsider, meeting.ReasonRolesUnsure
	for _, tt := range []struct {
		who           meeting.Attendee
		with, without meeting.Reason // the expected problem with and without access to the directory
	}{
		{presenter("ana@fabrikam.example"), outsider, unsure},
		{coorganizer("ana@fabrikam.example"), outsider, unsure},
		{presenter("Ana.Silva@SUB.contoso.example"), outsider, unsure},
		{presenter("wrong@contoso.example"), outsider, ""},
		{person("ana@fabrikam.example"), "", ""},
		{presenter(tomas), "", ""},
		{coorganizer("TOMAS@CONTOSO.EXAMPLE"), "", ""},
		{presenter(guest.Mail), "", unsure},
		{coorganizer(guest.UPN), "", unsure},
		{presenter(other.UPN), "", unsure},
		{presenter(alias.Mail), "", ""},
		{meeting.Attendee{Name: "Ana", Identity: "guest", ObjectID: "g-1", Role: meeting.RolePresenter}, outsider, outsider},
	} {
		for _, on := range []struct {
			d    *desktest.Desk
			want meeting.Reason
		}{{with, tt.with}, {without, tt.without}} {
			p := on.d.SignIn(priya)
			r := request(on.d, attendees(person(dana), tt.who))
			problems := on.d.CheckRoles(t.Context(), p, p.User, &r, nil)
			var got meeting.Reason
			if len(problems) > 0 {
				got = problems[0].Key
			}
			if got != on.want {
				t.Errorf("%s as %q, directory %v: %q, want %q", tt.who.UPN, tt.who.Role, on.d == with, got, on.want)
			}
		}
	}

	t.Run("without a directory the person can confirm an address", func(t *testing.T) {
		p := without.SignIn(priya)
		r := request(without, attendees(presenter("ana@fabrikam.example")))
		r.Inside = []string{"ANA@fabrikam.example"}
		if got := without.CheckRoles(t.Context(), p, p.User, &r, nil); len(got) != 0 {
			t.Errorf("problems %v", got)
		}
	})
	t.Run("roles that people have are not checked", func(t *testing.T) {
		p := with.SignIn(priya)
		ana := presenter("ana@fabrikam.example")
		r := request(with, attendees(ana))
		if got := with.CheckRoles(t.Context(), p, p.User, &r, []meeting.Attendee{ana}); len(got) != 0 {
			t.Errorf("problems %v", got)
		}
	})
	t.Run("ten people are named, and the rest counted", func(t *testing.T) {
		p := with.SignIn(priya)
		var many []meeting.Attendee
		for i := range 12 {
			many = append(many, presenter(fmt.Sprintf("person%d@fabrikam.example", i)))
		}
		r := request(with, attendees(many...))
		got := with.CheckRoles(t.Context(), p, p.User, &r, nil)
		if len(got) != 11 || got[10].Key != meeting.ReasonRolesMore || got[10].Args["Count"] != 2 {
			t.Errorf("problems %v", got)
		}
	})
}
