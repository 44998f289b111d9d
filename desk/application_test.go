package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// unknownID is an object ID that the directory does not contain.
const unknownID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8eff"

func TestWhoMayMakeMeetingsForOthers(t *testing.T) {
	t.Parallel()
	off, on := desktest.New(t), desktest.New(t, withOrganizers(priya, unknownID))
	for _, tt := range []struct {
		name      string
		d         *desktest.Desk
		who       string
		organizer string
		reason    meeting.Reason
	}{
		{"staff", on, tomas, priyaID, meeting.ReasonOrganizerHelpDesk},
		{"for somebody who is not listed", on, dana, tomasID, meeting.ReasonOrganizerUnknown},
		{"for somebody whom the directory does not have", on, dana, unknownID, meeting.ReasonOrganizerUnknown},
		{"by UPN", on, dana, priya, meeting.ReasonOrganizerUnknown},
		{"while the mode is off", off, dana, priyaID, meeting.ReasonOrganizerOff},
	} {
		who := tt.d.SignIn(tt.who)
		_, err := tt.d.CreateOrGet(t.Context(), who, request(tt.d, organizer(tt.organizer)))
		t.Log(tt.name)
		wantError(t, err, meeting.Forbidden, tt.reason)
		if _, err := tt.d.Guard(t.Context(), who, request(tt.d, organizer(tt.organizer))); meeting.CodeOf(err) != meeting.Forbidden {
			t.Errorf("the guard answers %v, want forbidden", err)
		}
		if got := tt.d.OrganizerOf(t.Context(), who, tt.organizer); got.UPN != tt.who {
			t.Errorf("the organizer would be %s", got.UPN)
		}
	}
	if m := create(off, off.SignIn(priya), organizer(strings.ToUpper(priyaID))); m.Organizer.UPN != priya || off.Attempts(m.ID)[0].Mode != meeting.Delegated {
		t.Errorf("with her own ID Priya's meeting is %s's, in %s mode", m.Organizer.UPN, off.Attempts(m.ID)[0].Mode)
	}
	if got := on.Bodies("POST"); len(got) != 0 {
		t.Errorf("Graph was sent %s", got)
	}
}

func TestAMeetingForAnotherOrganizer(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h, p := d.SignIn(dana), d.SignIn(priya)
	m := create(d, h, organizer(priyaID), option(meeting.OptionRecord, meeting.On))
	if m.Organizer.UPN != priya || m.Maker.UPN != dana || d.Emulator.Meetings()[0].Organizer != priyaID || d.Attempts(m.ID)[0].Mode != meeting.Application {
		t.Errorf("made by %s for %s, at Graph for %s, in %s mode", m.Maker.UPN, m.Organizer.UPN, d.Emulator.Meetings()[0].Organizer, d.Attempts(m.ID)[0].Mode)
	}
	refresh(d, h, m.ID)
	update(d, h, m.ID, subject("Changed by Dana"))
	remove(d, h, m.ID)
	var got []string
	for _, line := range d.Audit() {
		got = append(got, strings.TrimPrefix(line, "dana@contoso.example meeting.for 1 "))
	}
	if want := "create, update record, refresh, update, remove"; strings.Join(got, ", ") != want {
		t.Errorf("the audit has %s, want %s", strings.Join(got, ", "), want)
	}

	t.Run("nothing that people do for themselves is audited", func(t *testing.T) {
		before := len(d.Audit())
		own := create(d, h, externalID("DANA-1"))
		update(d, h, own.ID, subject("Renamed"))
		if got := d.Audit()[before:]; len(got) != 0 {
			t.Errorf("the audit has %q", got)
		}
	})
	t.Run("the organizer changes it with their own token", func(t *testing.T) {
		m := create(d, h, organizer(priyaID), externalID("INC2"))
		update(d, p, m.ID, subject("Changed by Priya"))
		if a := d.Attempts(m.ID)[0]; a.Mode != meeting.Delegated || a.State != meeting.AttemptDone {
			t.Errorf("the update is %s in %s mode", a.State, a.Mode)
		}
		wantError(t, d.Update(t.Context(), d.SignIn(alex), m.ID, edited(m, subject("Changed by Alex")), 0), meeting.Forbidden, meeting.ReasonAccessChange)
	})
	t.Run("a removed one does not block the next one of its ticket", func(t *testing.T) {
		if next := create(d, d.SignIn(alex), organizer(priyaID)); next.ID == m.ID || next.State != meeting.Live || next.Maker.UPN != alex {
			t.Errorf("Alex got row %d, %s, made by %s", next.ID, next.State, next.Maker.UPN)
		}
	})
}

// Whether a retry is allowed depends on the person's current role and on whether
// application mode is still on.
func TestWhoMayRetryForAnother(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	d.Emulator.FailNext(desktest.CreateFor, forbidden)
	m := create(d, d.SignIn(dana), organizer(priyaID))
	attempt := d.Attempts(m.ID)[0].ID
	refused := func(who string) {
		t.Helper()
		wantRequests(t, d, 0, func() {
			if _, err := d.Retry(t.Context(), d.SignIn(who), attempt, 0); meeting.CodeOf(err) != meeting.Forbidden {
				t.Errorf("%s retries: %v, want forbidden", who, err)
			}
		})
	}
	refused(priya)
	refused(alex)
	app := d.App
	d.App = nil
	refused(dana)
	d.App = app
	former := d.SignIn(dana)
	former.User.Role = meeting.Staff
	if _, err := d.Retry(t.Context(), former, attempt, 0); meeting.CodeOf(err) != meeting.Forbidden {
		t.Errorf("Dana retries without the role: %v, want forbidden", err)
	}
	retryAttempt(d, d.SignIn(dana), attempt)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

// A second help desk user who requests the same meeting for an organizer becomes its
// maker. The first user's attempt then cannot be retried.
func TestOnlyTheMakerRetriesForAnother(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h, a := d.SignIn(dana), d.SignIn(alex)
	d.Emulator.FailNext(desktest.CreateFor, emulator.Failure{Status: 403, Code: "Forbidden", Times: 2})
	create(d, h, organizer(priyaID))
	m := create(d, a, organizer(priyaID))
	if m.Maker.UPN != alex {
		t.Errorf("the maker is %s, want the person who asked last", m.Maker.UPN)
	}
	wantRequests(t, d, 0, func() {
		_, err := d.Retry(t.Context(), a, 1, 0)
		wantError(t, err, meeting.Forbidden, meeting.ReasonAttemptOthers)
		_, err = d.Dismiss(t.Context(), a, 1)
		wantError(t, err, meeting.Forbidden, meeting.ReasonAttemptOthers)
		if _, err := d.Retry(t.Context(), h, 1, 0); meeting.CodeOf(err) != meeting.Forbidden {
			t.Errorf("Dana retries a meeting that is Alex's now: %v", err)
		}
	})
	retryAttempt(d, a, 2)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)

	t.Run("the organizer dismisses anybody's", func(t *testing.T) {
		p := d.SignIn(priya)
		d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Drop: true})
		update(d, p, m.ID, subject("Priya's"))
		own := d.Attempts(m.ID)[0].ID
		if _, err := d.Dismiss(t.Context(), a, own); meeting.CodeOf(err) != meeting.Forbidden {
			t.Errorf("the maker dismisses the organizer's attempt: %v", err)
		}
		d.Emulator.FailNext("PATCH /users/{user}/onlineMeetings/{id}", forbidden)
		update(d, a, m.ID, option(meeting.OptionRecord, meeting.On))
		for _, id := range []int64{own, d.Attempts(m.ID)[0].ID} {
			if _, err := d.Dismiss(t.Context(), p, id); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAMakerAsksAgain(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h := d.SignIn(dana)
	d.Emulator.FailNext(desktest.CreateFor, applied)
	m := create(d, h, organizer(priyaID))
	_, err := d.CreateOrGet(t.Context(), d.SignIn(alex), request(d, organizer(priyaID)))
	wantError(t, err, meeting.Conflict, meeting.ReasonOrganizerWaiting)
	create(d, h, organizer(priyaID))
	wantDone(t, d, m.ID, meeting.OutcomeConfirmed)
	create(d, h, organizer(priyaID), subject("Second thoughts"))
	wantDone(t, d, m.ID, meeting.OutcomeFound)
	if got := len(d.Attempts(m.ID)); got != 3 || d.Emulator.MeetingCount() != 1 {
		t.Errorf("%d attempts and %d meetings at Graph, want 3 and one", got, d.Emulator.MeetingCount())
	}

	t.Run("for another subject, before the first request is answered", func(t *testing.T) {
		d.Emulator.FailNext(desktest.CreateFor, applied)
		m := create(d, h, organizer(priyaID), externalID("INC3"))
		again := create(d, h, organizer(priyaID), externalID("INC3"), subject("Second thoughts"))
		wantDone(t, d, m.ID, meeting.OutcomeConfirmed)
		if again.ID != m.ID || again.State != meeting.Live || again.JoinURL == "" {
			t.Errorf("meeting %d is %s, with the link %q; want the one that the first request created", again.ID, again.State, again.JoinURL)
		}
	})
	t.Run("once a waiting attempt is dismissed, others may ask", func(t *testing.T) {
		d.Emulator.FailNext(desktest.CreateFor, dropped)
		m := create(d, h, organizer(priyaID), externalID("INC2"))
		if _, err := d.Dismiss(t.Context(), h, d.Attempts(m.ID)[0].ID); err != nil {
			t.Fatal(err)
		}
		if m := create(d, d.SignIn(alex), organizer(priyaID), externalID("INC2")); m.Maker.UPN != alex || m.State != meeting.Live {
			t.Errorf("it is %s, made by %s", m.State, m.Maker.UPN)
		}
	})
}

// The application's token gives access to all of the organizer's meetings. The desk must
// not use it to record or change meetings that the help desk did not create.
func TestAnOrganizersOwnMeetingIsLeftAlone(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	taken := func(t *testing.T, d *desktest.Desk, id int64) {
		t.Helper()
		wantFailed(t, d, id, meeting.ReasonOrganizerHas)
		if m := d.Meeting(id); m.GraphID != "" || m.JoinURL != "" || m.State == meeting.Live {
			t.Errorf("recorded %s, %+v", m.State, m.Details)
		}
		if got := d.Bodies("PATCH"); len(got) != 0 {
			t.Errorf("Graph was sent %s", got)
		}
	}
	t.Run("one that the desk does not know", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya))
		h, p := d.SignIn(dana), d.SignIn(priya)
		d.MadeElsewhere(p, ticket, "Priya's secret")
		m := create(d, h, organizer(priyaID), option(meeting.OptionLobby, "everyone"))
		taken(t, d, m.ID)
		retry(d, h, m.ID)
		taken(t, d, m.ID)
		if m := create(d, p); m.Maker.UPN != priya || m.Origin != meeting.Found {
			t.Errorf("Priya found %s, made by %s", m.Origin, m.Maker.UPN)
		}
		_, err := d.Retry(t.Context(), h, 1, 0)
		if meeting.CodeOf(err) != meeting.Forbidden {
			t.Errorf("Dana retries: %v, want forbidden", err)
		}
	})
	t.Run("one in the history", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya))
		h := d.SignIn(dana)
		create(d, d.SignIn(priya))
		wantRequests(t, d, 0, func() {
			_, err := d.CreateOrGet(t.Context(), h, request(d, organizer(priyaID)))
			wantError(t, err, meeting.Conflict, meeting.ReasonOrganizerHasTicket)
		})
		if got := d.Audit(); !slices.Equal(got, []string{"dana@contoso.example meeting.for 1 create refused"}) {
			t.Errorf("the audit has %q", got)
		}
	})
	t.Run("one in another spelling", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya), withSwitches(emulator.Switches{FoldExternalID: true}))
		h := d.SignIn(dana)
		d.Emulator.FailNext(desktest.CreateFor, dropped)
		m := create(d, h, organizer(priyaID), externalID("inc0012345"), option(meeting.OptionLobby, "everyone"))
		own := create(d, d.SignIn(priya))
		retry(d, h, m.ID)
		wantFailed(t, d, m.ID, meeting.ReasonOrganizerHas)
		if now := d.Meeting(own.ID); now.Maker.UPN != priya || now.Options.Lobby == "everyone" || len(d.Attempts(own.ID)) != 1 {
			t.Errorf("Priya's is made by %s, lobby %q, with %d attempts", now.Maker.UPN, now.Options.Lobby, len(d.Attempts(own.ID)))
		}
	})
	t.Run("but the maker finds their own in another spelling", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya), withSwitches(emulator.Switches{FoldExternalID: true}))
		h := d.SignIn(dana)
		m := create(d, h, organizer(priyaID))
		if again := create(d, h, organizer(priyaID), externalID("inc0012345")); again.ID != m.ID {
			t.Errorf("found row %d, want %d", again.ID, m.ID)
		}
		wantDone(t, d, m.ID, meeting.OutcomeFound)
	})
	for _, property := range []string{"subject", "startDateTime", "endDateTime"} {
		t.Run("one that is not what an unanswered call asked for: "+property, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t, withOrganizers(priya))
			h := d.SignIn(dana)
			d.Emulator.FailNext(desktest.CreateFor, applied)
			m := create(d, h, organizer(priyaID))
			d.Emulator.ChangeMeeting(d.Emulator.Meetings()[0].ID, func(doc map[string]any) {
				doc[property] = map[string]any{"subject": "Priya's secret", "startDateTime": "2027-03-03T08:00:00Z", "endDateTime": "2037-03-03T23:00:00Z"}[property]
			})
			retry(d, h, m.ID)
			taken(t, d, m.ID)
		})
	}
	t.Run("one that happens to be as asked", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya))
		h := d.SignIn(dana)
		id, _ := d.MadeElsewhere(d.SignIn(priya), ticket, "Printer on fire")
		d.Emulator.FailNext(desktest.CreateFor, dropped)
		m := create(d, h, organizer(priyaID), attendees())
		asked := d.Attempts(m.ID)[0].Asked
		d.Emulator.ChangeMeeting(id, func(doc map[string]any) { // the meeting was created four minutes before the unanswered call
			doc["startDateTime"], doc["endDateTime"] = asked.Start.Format(time.RFC3339), asked.End.Format(time.RFC3339)
			doc["creationDateTime"] = d.Clock().Add(-4 * time.Minute).UTC().Format(time.RFC3339)
		})
		retry(d, h, m.ID)
		taken(t, d, m.ID)
	})
}

// The help desk's unanswered call created the meeting, so the organizer's request finds an
// existing meeting.
func TestAnUnansweredCallOfSomebodyElse(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	d.Emulator.FailNext(desktest.CreateFor, applied)
	create(d, d.SignIn(dana), organizer(priyaID))
	if m := create(d, d.SignIn(priya)); m.Origin != meeting.Found || m.Maker.UPN != priya {
		t.Errorf("recorded as %s, made by %s; want found by Priya", m.Origin, m.Maker.UPN)
	}
}

func TestAnOrganizerWhoIsNoLongerListed(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	m := create(d, d.SignIn(dana), organizer(priyaID))
	d.Store.Close()
	d.Settings.Organizers = []string{tomasID}
	d.Open()
	h := d.SignIn(dana)
	before := len(d.Bodies("POST"))
	for name, err := range map[string]error{
		"update":  d.Update(t.Context(), h, m.ID, edited(m, subject("Too late")), 0),
		"refresh": d.Refresh(t.Context(), h, m.ID),
		"remove":  d.Remove(t.Context(), h, m.ID, 0),
	} {
		t.Log(name)
		wantError(t, err, meeting.Forbidden, meeting.ReasonAccessChange)
	}
	_, err := d.CreateOrGet(t.Context(), h, request(d, organizer(priyaID), externalID("INC2")))
	wantError(t, err, meeting.Forbidden, meeting.ReasonOrganizerUnknown)
	if len(d.Bodies("POST")) != before || len(d.Bodies("PATCH"))+len(d.Bodies("DELETE")) != 0 {
		t.Error("Graph was asked to change something")
	}
}

func TestOrganizers(t *testing.T) {
	t.Parallel()
	names := func(d *desktest.Desk, who string) (list []string) {
		for _, u := range d.Organizers(t.Context(), d.SignIn(who).User) {
			list = append(list, u.DisplayName())
		}
		return list
	}
	t.Run("by name, each once, without the person", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(tomas, priyaID, priya, dana))
		if got := names(d, dana); !slices.Equal(got, []string{"Priya Nair", "Tomás Oliveira"}) {
			t.Errorf("offered are %q", got)
		}
		if got := names(d, tomas); len(got) != 0 {
			t.Errorf("staff are offered %q", got)
		}
	})
	t.Run("an object ID in any spelling", func(t *testing.T) {
		t.Parallel()
		for _, configured := range []string{strings.ToUpper(priyaID), "{" + priyaID + "}", strings.ReplaceAll(priyaID, "-", ""), "urn:uuid:" + strings.ToUpper(priyaID)} {
			d := desktest.New(t, withOrganizers(configured))
			if m := create(d, d.SignIn(dana), organizer(strings.ToUpper(priyaID))); m.Organizer.UPN != priya || m.State != meeting.Live {
				t.Errorf("%s: a meeting of %s, %s", configured, m.Organizer.UPN, m.State)
			}
		}
	})
	t.Run("a name that the directory does not resolve is retried after a minute", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya, "later@contoso.example"))
		person := d.SignIn(dana).User
		lookUps := func() (n int) {
			for _, r := range d.Emulator.Requests() {
				if strings.Contains(r.Path, "later@") {
					n++
				}
			}
			return n
		}
		d.Organizers(t.Context(), person)
		if got := lookUps(); got != 1 {
			t.Errorf("%d look-ups within a minute, want one", got)
		}
		d.SetAhead(90 * time.Second)
		d.Organizers(t.Context(), person)
		if got := lookUps(); got != 2 {
			t.Errorf("%d look-ups after a minute and a half, want 2", got)
		}
	})
	t.Run("an object ID can be used while the directory refuses", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t, withOrganizers(priya))
		d.Store.Close()
		d.Settings.Organizers = []string{tomasID, unknownID}
		d.Emulator.FailNext("GET /users/{user}", emulator.Failure{Status: 403, Code: "Authorization_RequestDenied"})
		d.Open()
		if got := names(d, dana); !slices.Equal(got, []string{tomasID}) {
			t.Errorf("offered are %q", got)
		}
		create(d, d.SignIn(dana), organizer(tomasID))
	})
}

func TestTheAccessPolicy(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya), func(s *desktest.Settings) { s.Policy = nil })
	h := d.SignIn(dana)
	m := create(d, h, organizer(priyaID))
	wantFailed(t, d, m.ID, meeting.ReasonPolicy)
	d.Emulator.GrantAccessPolicy(priyaID)
	retry(d, h, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

// If the organizer's own meeting replaces one that the help desk created, the help desk
// gets no access to the organizer's meeting.
func TestTheOrganizersMeetingReplacesTheHelpDesks(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h, p := d.SignIn(dana), d.SignIn(priya)
	old := create(d, h, organizer(priyaID))
	d.Emulator.RemoveMeeting(old.GraphID)
	if m := create(d, p); m.ID == old.ID || m.Maker.UPN != priya {
		t.Errorf("Priya's is in row %d, made by %s", m.ID, m.Maker.UPN)
	}
	d.Emulator.FailNext(desktest.CreateFor, dropped)
	waiting := create(d, h, organizer(priyaID), externalID("INC2"))
	_, link := d.MadeElsewhere(p, "INC2", "Priya's secret")
	if m := adopt(d, p, link); m.ID != waiting.ID || m.Maker.UPN != priya {
		t.Errorf("adopted in row %d, made by %s", m.ID, m.Maker.UPN)
	}
	_, err := d.Retry(t.Context(), h, d.Attempts(waiting.ID)[1].ID, 0)
	if meeting.CodeOf(err) != meeting.Forbidden {
		t.Errorf("Dana retries: %v, want forbidden", err)
	}
}
