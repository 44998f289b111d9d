package desk_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// createOrGet accepts no options, so the desk sets each option in a separate attempt.
func TestEachOptionIsAnAttempt(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.PatchRoute, forbidden) // the PATCH for the lobby, which is set first
	m := create(d, p, func(r *meeting.Request) {
		r.Options = meeting.Options{Lobby: "organizer", Presenters: "organizer", Announce: meeting.Off, Record: meeting.On}
	})
	if want := (meeting.Options{Lobby: "organization", Presenters: "organizer", Announce: meeting.Off, Record: meeting.On}); m.State != meeting.Live || m.Options != want {
		t.Errorf("%s with %+v, want live with %+v", m.State, m.Options, want)
	}
	want := []string{`{"lobbyBypassSettings":{"scope":"organizer"}}`, `{"allowedPresenters":"organizer"}`, `{"isEntryExitAnnounced":false}`, `{"recordAutomatically":true}`}
	if got := d.Bodies("PATCH"); !slices.Equal(got, want) {
		t.Errorf("Graph was sent\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	list := d.Attempts(m.ID)
	if len(list) != 5 {
		t.Fatalf("%d attempts, want the create and four options", len(list))
	}
	lobby := list[3]
	if lobby.State != meeting.AttemptFailed || lobby.Concern() != meeting.Concern(meeting.OptionLobby) {
		t.Errorf("the attempt to set %s is %s, want the lobby's to have failed", lobby.Concern(), lobby.State)
	}
	if m = retryAttempt(d, p, lobby.ID); m.Options.Lobby != "organizer" {
		t.Errorf("after the retry the lobby is %q", m.Options.Lobby)
	}
}

func TestOptionsThatHoldAlreadyAreNotSet(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	create(d, d.SignIn(priya), func(r *meeting.Request) {
		r.Options = meeting.Options{Lobby: "organization", Presenters: "everyone", Announce: meeting.On, Record: meeting.Off}
	})
	if got := d.Bodies("PATCH"); len(got) != 0 {
		t.Errorf("Graph was sent %s", got)
	}
}

// A create request for an existing meeting does not change its options or roles. An update
// does.
func TestOptionsOfAFoundMeetingAreNotSet(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	create(d, p, option(meeting.OptionLobby, "everyone"), attendees(presenter(tomas)))
	if got := d.Bodies("PATCH"); len(got) != 0 {
		t.Errorf("Graph was sent %s", got)
	}
	update(d, p, m.ID, option(meeting.OptionLobby, "everyone"))
	if got := d.Meeting(m.ID).Options.Lobby; got != "everyone" {
		t.Errorf("the lobby is %q", got)
	}
}

func TestOptionsAreChangedWithTheRest(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	update(d, p, m.ID, subject("Both"), option(meeting.OptionLobby, "everyone"), option(meeting.OptionRecord, meeting.On))
	want := []string{`{"subject":"Both"}`, `{"lobbyBypassSettings":{"scope":"everyone"}}`, `{"recordAutomatically":true}`}
	if got := d.Bodies("PATCH"); !slices.Equal(got, want) {
		t.Errorf("Graph was sent %s, want %s", got, want)
	}
}

func TestOptionsShareOneDeadline(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withBudget(3*time.Second)) // long enough to create the meeting on a busy machine
	hold := make(chan struct{})
	defer close(hold)
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Hold: hold})
	m := create(d, d.SignIn(priya), option(meeting.OptionLobby, "everyone"), option(meeting.OptionRecord, meeting.On))
	list := d.Attempts(m.ID)
	if lobby := list[1]; lobby.State != meeting.AttemptUnfinished || len(lobby.Calls) != 1 {
		t.Errorf("the lobby is %s after %d calls, want unfinished after one", lobby.State, len(lobby.Calls))
	}
	if record := list[0]; record.State != meeting.AttemptFailed || len(record.Calls) != 0 {
		t.Errorf("the recording is %s after %d calls, want failed after none", record.State, len(record.Calls))
	}
}

// both lists the properties in a PATCH that sets both roles and OptionPresenters.
var both = []string{"allowedPresenters", "participants"}

// wantPatch checks the properties and the people in the last PATCH. A person is written as
// "UPN/role", or just as the UPN if the PATCH gives them no role.
func wantPatch(t *testing.T, d *desktest.Desk, properties []string, people ...string) {
	t.Helper()
	all := d.Bodies("PATCH")
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
	if raw, ok := sent["participants"]; ok {
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, a := range list.Attendees {
		got = append(got, strings.TrimSuffix(a.UPN+"/"+a.Role, "/"))
	}
	if names := slices.Sorted(maps.Keys(sent)); !slices.Equal(names, properties) || !slices.Equal(got, people) {
		t.Errorf("Graph was sent %s, want %v with %v", last, properties, people)
	}
}

// roles returns the roles of the people in Graph's first meeting, keyed by UPN.
func roles(d *desktest.Desk) map[string]string {
	found := make(map[string]string)
	for _, entry := range d.People() {
		upn, _ := entry.(map[string]any)["upn"].(string)
		found[upn], _ = entry.(map[string]any)["role"].(string)
	}
	return found
}

// createOrGet ignores roles, so the desk sends a PATCH to set them. That PATCH also sets
// OptionPresenters if its value must change.
func TestRolesOfANewMeeting(t *testing.T) {
	t.Parallel()
	const anyone = ""
	for _, tt := range []struct {
		name       string
		people     []meeting.Attendee
		presenters string
		properties []string
		sent       []string
		want       map[string]string
	}{
		{"presenter", []meeting.Attendee{presenter(tomas)}, anyone, both, []string{tomas + "/presenter"}, map[string]string{tomas: "presenter"}},
		{"presenter among others", []meeting.Attendee{person(dana), presenter(tomas)}, anyone, both, []string{dana, tomas + "/presenter"}, map[string]string{dana: "", tomas: "presenter"}},
		{"co-organizer", []meeting.Attendee{coorganizer(tomas)}, anyone, []string{"participants"}, []string{tomas + "/coorganizer"}, map[string]string{tomas: "coorganizer"}},
		{"both roles and somebody from elsewhere", []meeting.Attendee{presenter(tomas), coorganizer(alex), person("ana@fabrikam.example")}, anyone, both,
			[]string{tomas + "/presenter", alex + "/coorganizer", "ana@fabrikam.example"}, map[string]string{tomas: "presenter", alex: "coorganizer", "ana@fabrikam.example": ""}},
		{"co-organizer, only the organizer presents", []meeting.Attendee{coorganizer(tomas)}, "organizer", both, []string{tomas + "/coorganizer"}, map[string]string{tomas: "coorganizer"}},
		{"co-organizer, the organization presents", []meeting.Attendee{coorganizer(alex), person(dana)}, "organization", both,
			[]string{alex + "/coorganizer", dana}, map[string]string{alex: "coorganizer", dana: ""}},
		{"co-organizer, everyone presents already", []meeting.Attendee{coorganizer(tomas)}, "everyone", []string{"participants"}, []string{tomas + "/coorganizer"}, map[string]string{tomas: "coorganizer"}},
		{"co-organizers, presenters by role", []meeting.Attendee{coorganizer(tomas), coorganizer(dana)}, meeting.PresentersByRole, both,
			[]string{tomas + "/coorganizer", dana + "/coorganizer"}, map[string]string{tomas: "coorganizer", dana: "coorganizer"}},
		{"presenters by role, nobody presents", []meeting.Attendee{person(tomas)}, meeting.PresentersByRole, both, []string{tomas}, map[string]string{tomas: ""}},
		{"presenters by role, nobody invited", nil, meeting.PresentersByRole, both, nil, map[string]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t, withSwitches(emulator.Switches{PresentersNeedList: true}))
			m := create(d, d.SignIn(priya), attendees(tt.people...), option(meeting.OptionPresenters, tt.presenters))
			wantPatch(t, d, tt.properties, tt.sent...)
			if got := roles(d); !maps.Equal(got, tt.want) {
				t.Errorf("Graph has the roles %v, want %v", got, tt.want)
			}
			if tt.presenters != anyone && m.Options.Presenters != tt.presenters {
				t.Errorf("%q may present, want %q", m.Options.Presenters, tt.presenters)
			}
			for _, a := range d.Attempts(m.ID) {
				if a.State != meeting.AttemptDone {
					t.Errorf("the attempt about %s is %s", a.Concern(), a.State)
				}
			}
			for _, a := range m.Attendees {
				if string(a.Role) != tt.want[a.UPN] {
					t.Errorf("%s is recorded as %q, want %q", a.UPN, a.Role, tt.want[a.UPN])
				}
			}
		})
	}
}

func TestRolesAreChanged(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withSwitches(emulator.Switches{PresentersNeedList: true}))
	p := d.SignIn(priya)
	m := create(d, p, attendees(person(dana), person(tomas)))
	for _, tt := range []struct {
		name       string
		edit       []func(*meeting.Request)
		properties []string
		sent       []string
		want       map[string]string
	}{
		{"a presenter", []func(*meeting.Request){attendees(person(dana), presenter(tomas))}, both,
			[]string{dana, tomas + "/presenter"}, map[string]string{dana: "", tomas: "presenter"}},
		{"another presenter", []func(*meeting.Request){attendees(presenter(dana), presenter(tomas))}, both,
			[]string{dana + "/presenter", tomas + "/presenter"}, map[string]string{dana: "presenter", tomas: "presenter"}},
		{"one less", []func(*meeting.Request){attendees(person(dana), presenter(tomas))}, both,
			[]string{dana + "/attendee", tomas + "/presenter"}, map[string]string{dana: "attendee", tomas: "presenter"}},
		{"a co-organizer", []func(*meeting.Request){attendees(coorganizer(dana), presenter(tomas))}, both,
			[]string{dana + "/coorganizer", tomas + "/presenter"}, map[string]string{dana: "coorganizer", tomas: "presenter"}},
		{"the option alone", []func(*meeting.Request){option(meeting.OptionPresenters, "organizer")}, []string{"allowedPresenters"},
			nil, map[string]string{dana: "coorganizer", tomas: ""}}, // Graph removes the presenter role
		{"by role again, nobody presents", []func(*meeting.Request){option(meeting.OptionPresenters, meeting.PresentersByRole), attendees(coorganizer(dana), person(tomas))}, both,
			[]string{dana + "/coorganizer", tomas}, map[string]string{dana: "coorganizer", tomas: ""}},
	} {
		before := len(d.Bodies("PATCH"))
		update(d, p, m.ID, tt.edit...)
		t.Log(tt.name)
		wantPatch(t, d, tt.properties, tt.sent...)
		if got := len(d.Bodies("PATCH")) - before; got != 1 {
			t.Errorf("%d PATCH requests, want one with everything", got)
		}
		if got := roles(d); !maps.Equal(got, tt.want) {
			t.Errorf("Graph has the roles %v, want %v", got, tt.want)
		}
	}
}

// The desk sends OptionPresenters together with the list of people, even if presenting is
// already limited to people with the presenter role.
func TestRolesWhenPresentersAreByRole(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p, option(meeting.OptionPresenters, meeting.PresentersByRole))
	update(d, p, m.ID, attendees(person(dana), presenter(tomas)))
	wantPatch(t, d, both, dana, tomas+"/presenter")

	t.Run("until another option is chosen", func(t *testing.T) {
		update(d, p, m.ID, option(meeting.OptionPresenters, "everyone"), attendees(person(dana), presenter(tomas), person(alex)))
		for _, body := range d.Bodies("PATCH")[2:] {
			if strings.Contains(body, `"role":"presenter"`) {
				t.Errorf("the desk sent Graph a role that has no effect: %s", body)
			}
		}
	})
}

// If the PATCH for the roles fails or gets no answer, a retry sets the roles.
func TestRolesThatWereNotSet(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, fail := range map[string]emulator.Failure{
		"refused": forbidden, "no answer, set": {Drop: true, Apply: true}, "no answer, not set": {Drop: true}, "504": {Status: 504, Apply: true},
	} {
		for _, role := range []meeting.AttendeeRole{meeting.RolePresenter, meeting.RoleCoorganizer} {
			t.Run(name+", "+string(role), func(t *testing.T) {
				t.Parallel()
				d := desktest.New(t)
				p := d.SignIn(priya)
				d.Emulator.FailNext(desktest.PatchRoute, fail)
				m := create(d, p, attendees(meeting.Attendee{UPN: tomas, Role: role}))
				if a := d.Attempts(m.ID)[0]; !a.CanRetry() {
					t.Fatalf("the attempt is %s", a.State)
				}
				m = retry(d, p, m.ID)
				wantDone(t, d, m.ID, meeting.OutcomeSet)
				if got := roles(d); got[tomas] != string(role) || m.Attendees[0].Role != role {
					t.Errorf("Graph has the roles %v, recorded are %+v", got, m.Attendees)
				}
			})
		}
	}
}

// The options and roles to set are recorded together with Graph's reply, so they are not
// lost if the desk stops before setting them.
func TestTheDeskStopsBeforeOptionsAreSet(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	hold := make(chan struct{})
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Hold: hold})
	done := make(chan struct{})
	r := request(d, option(meeting.OptionLobby, "organizer"), option(meeting.OptionRecord, meeting.On), attendees(presenter(tomas)))
	go func() {
		defer close(done)
		_, _ = d.CreateOrGet(t.Context(), p, r)
	}()
	desktest.Eventually(t, "the first option is sent", func() bool { return len(d.Bodies("PATCH")) == 1 })
	d.Store.Close()
	close(hold)
	<-done
	d.Open()
	list := d.Attempts(1)
	if len(list) != 4 {
		t.Fatalf("%d attempts are recorded, want the create and three that follow", len(list))
	}
	for _, a := range slices.Backward(list[:3]) {
		if a.State != meeting.AttemptUnfinished {
			t.Errorf("the attempt about %s is %s, want unfinished", a.Concern(), a.State)
		}
		retryAttempt(d, p, a.ID)
	}
	want := meeting.Options{Lobby: "organizer", Presenters: meeting.PresentersByRole, Record: meeting.On, Announce: meeting.On}
	if m := d.Meeting(1); m.Options != want || roles(d)[tomas] != "presenter" {
		t.Errorf("recorded are %+v, Graph has the roles %v", m.Options, roles(d))
	}
}

func TestRolesAfterAnUnansweredCreate(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	for _, tt := range []struct{ who, organizer, route string }{{priya, "", desktest.CreateRoute}, {dana, priyaID, desktest.CreateFor}} {
		p := d.SignIn(tt.who)
		d.Emulator.FailNext(tt.route, applied)
		m := create(d, p, externalID("FOR-"+tt.who), organizer(tt.organizer), attendees(presenter(tomas), coorganizer(alex)))
		wantUnfinished(t, d, m.ID, meeting.ReasonNoAnswer)
		retry(d, p, m.ID)
		wantDone(t, d, m.ID, meeting.OutcomeSet)
		wantPatch(t, d, both, tomas+"/presenter", alex+"/coorganizer")
	}
}

// Graph is known to omit people from replies about meetings in channels. The desk must
// still set the roles, and a later change must not remove them.
func TestRolesInAChannel(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withSwitches(emulator.Switches{ChannelHidesAttendees: true}), func(s *desktest.Settings) { s.Beta = true })
	p := d.SignIn(priya)
	m := create(d, p, attendees(presenter(tomas), person(dana)), func(r *meeting.Request) { r.ThreadID = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2" })
	wantPatch(t, d, both, tomas+"/presenter", dana)
	update(d, p, m.ID, subject("Renamed"))
	wantPatch(t, d, []string{"subject"})
	if got := roles(d); len(got) != 2 || got[tomas] != "presenter" {
		t.Errorf("Graph has the roles %v", got)
	}
}

// A meeting in a channel requires Graph's beta version.
func TestARetryAfterBetaWasTurnedOff(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, func(s *desktest.Settings) { s.Beta = true })
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Status: 400})
	m := create(d, p, func(r *meeting.Request) { r.ThreadID = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2" })
	beta := d.Graph.BetaURL
	d.Graph.BetaURL = ""
	retry(d, p, m.ID)
	wantFailed(t, d, m.ID, meeting.ReasonBetaOff)
	d.Graph.BetaURL = beta
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

// Graph appears to return at most 750 people, so a list of that length may be incomplete.
// The desk does not send such a list back to Graph.
func TestPresentersOfAMeetingWithManyPeople(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.InTeams(func(doc map[string]any) { desktest.Invite(doc, 800) })
	update(d, p, m.ID, option(meeting.OptionPresenters, meeting.PresentersByRole))
	wantFailed(t, d, m.ID, meeting.ReasonPeople)
	if got := d.Bodies("PATCH"); len(got) != 0 {
		t.Errorf("Graph was sent %.200s", got)
	}
	update(d, p, m.ID, option(meeting.OptionPresenters, "organizer"))
	wantDone(t, d, m.ID, meeting.OutcomeSet)
}
