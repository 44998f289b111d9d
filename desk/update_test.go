package desk_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

func rename(m map[string]any) { m["subject"] = "Renamed in Teams" }

func move(m map[string]any) {
	m["startDateTime"], m["endDateTime"] = "2031-01-01T10:00:00Z", "2031-01-01T11:00:00Z"
}

// An update sends only the properties that changed, so it cannot overwrite anything else.
// The start and the end are always sent together.
func TestAnUpdateSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(*meeting.Request)
		want string // %[1]s is replaced with the day of the meeting
	}{
		{"subject", subject("Renamed"), `{"subject":"Renamed"}`},
		{"no subject", subject(""), `{"subject":""}`},
		{"start", func(r *meeting.Request) { r.Start = r.Start.Add(15 * time.Minute) }, `{"startDateTime":"%[1]sT10:15:00Z","endDateTime":"%[1]sT10:30:00Z"}`},
		{"end", func(r *meeting.Request) { r.End = r.End.Add(75 * time.Minute) }, `{"startDateTime":"%[1]sT10:00:00Z","endDateTime":"%[1]sT11:45:00Z"}`},
		{"people", attendees(person(tomas)), `{"participants":{"attendees":[{"upn":"tomas@contoso.example"}]}}`},
		{"nobody", attendees(), `{"participants":{"attendees":[]}}`},
		{"spelling of people, and subject", func(r *meeting.Request) {
			r.Subject, r.Attendees = "R", []meeting.Attendee{person("DANA@contoso.example")}
		}, `{"subject":"R"}`},
		{"option", option(meeting.OptionAnnounce, meeting.Off), `{"isEntryExitAnnounced":false}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			update(d, p, m.ID, tt.edit)
			if got, want := d.Bodies("PATCH"), fmt.Sprintf(tt.want+"%.0[1]s", m.Start.Format(time.DateOnly)); len(got) != 1 || got[0] != want {
				t.Errorf("Graph was sent %s, want %s", got, want)
			}
		})
	}
}

func TestAnUpdateKeepsTheOriginAndSetsTheZone(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	update(d, p, m.ID, func(r *meeting.Request) { r.Subject, r.TimeZone = "Renamed", "Asia/Tokyo" })
	create(d, p)
	if m := d.Meeting(m.ID); m.TimeZone != "Asia/Tokyo" || m.Origin != meeting.Created || m.Subject != "Renamed" {
		t.Errorf("recorded %q in %s, %s", m.Subject, m.TimeZone, m.Origin)
	}
}

// If Graph did not answer an update, a retry reads the meeting before it sends the update
// again.
func TestAnUnansweredUpdate(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fail    emulator.Failure
		between func(m map[string]any) // the change made in Teams before the retry
		patches int                    // the number of PATCH requests, including the unanswered one
		want    string
		state   meeting.AttemptState
	}{
		{"took effect", emulator.Failure{Drop: true, Apply: true}, nil, 1, "Mine", meeting.AttemptDone},
		{"took no effect", emulator.Failure{Drop: true}, nil, 2, "Mine", meeting.AttemptDone},
		{"took no effect, and a change in Teams", emulator.Failure{Drop: true}, rename, 1, "Renamed in Teams", meeting.AttemptFailed},
		{"took effect, and a change in Teams", emulator.Failure{Drop: true, Apply: true}, rename, 1, "Renamed in Teams", meeting.AttemptFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			d.Emulator.FailNext(desktest.PatchRoute, tt.fail)
			update(d, p, m.ID, subject("Mine"))
			wantUnfinished(t, d, m.ID, meeting.ReasonNoAnswer)
			if tt.between != nil {
				d.InTeams(tt.between)
			}
			if got := retry(d, p, m.ID); got.Subject != tt.want || d.Attempts(m.ID)[0].State != tt.state {
				t.Errorf("the meeting is %q and the attempt %s, want %q and %s", got.Subject, d.Attempts(m.ID)[0].State, tt.want, tt.state)
			}
			if got := len(d.Bodies("PATCH")); got != tt.patches {
				t.Errorf("%d PATCH requests, want %d", got, tt.patches)
			}
		})
	}
}

// If the desk cannot read the meeting on a retry, it does not know whether the update
// took effect.
func TestAFailedReadLeavesAnUnansweredUpdateUnfinished(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Drop: true, Apply: true})
	update(d, p, m.ID, subject("Mine"))
	d.Emulator.FailNext(desktest.GetRoute, forbidden)
	retry(d, p, m.ID)
	wantUnfinished(t, d, m.ID, meeting.ReasonForbidden)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeUpdated)
	if got := len(d.Bodies("PATCH")); got != 1 {
		t.Errorf("%d PATCH requests, want one", got)
	}
}

// The desk does not overwrite a change made in Teams that the person has not seen, even on
// a retry.
func TestAChangeInTeamsIsNotOverwritten(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	start := func(t *testing.T) (d *desktest.Desk, change func(...func(*meeting.Request)), again func() meeting.Meeting) {
		t.Parallel()
		d = desktest.New(t)
		p := d.SignIn(priya)
		create(d, p)
		return d, func(edit ...func(*meeting.Request)) { update(d, p, 1, edit...) }, func() meeting.Meeting { return retryAttempt(d, p, 2) }
	}
	refused := emulator.Failure{Status: 400}
	t.Run("by the first PATCH", func(t *testing.T) {
		d, change, again := start(t)
		d.InTeams(move)
		change(subject("Mine"))
		wantFailed(t, d, 1, meeting.ReasonChanged)
		if got := len(d.Bodies("PATCH")); got != 0 {
			t.Errorf("%d PATCH requests", got)
		}
		if m := again(); m.Subject != "Mine" {
			t.Errorf("after the person saw it the subject is %q", m.Subject)
		}
	})
	t.Run("by a retry after a refresh", func(t *testing.T) {
		d, change, again := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, refused)
		change(subject("Mine"))
		d.InTeams(move)
		refresh(d, d.SignIn(priya), 1)
		if m := again(); m.Subject == "Mine" || m.Start.Year() != 2031 {
			t.Errorf("it is %q at %s", m.Subject, m.Start)
		}
	})
	t.Run("by a retry after an option was set", func(t *testing.T) {
		d, change, again := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, refused)
		change(subject("Mine"))
		d.InTeams(func(m map[string]any) { desktest.Invite(m, 30) })
		change(option(meeting.OptionRecord, meeting.On))
		again()
		if got := len(d.People()); got != 30 {
			t.Errorf("Graph has %d people, want 30", got)
		}
	})
	t.Run("by a retry of an option", func(t *testing.T) {
		d, change, again := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, refused)
		change(option(meeting.OptionLobby, "everyone"))
		d.InTeams(func(m map[string]any) { m["lobbyBypassSettings"] = map[string]any{"scope": "organizer"} })
		refresh(d, d.SignIn(priya), 1)
		if m := again(); m.Options.Lobby != "organizer" {
			t.Errorf("the lobby is %q", m.Options.Lobby)
		}
		if m := again(); m.Options.Lobby != "everyone" {
			t.Errorf("after the person saw it the lobby is %q", m.Options.Lobby)
		}
	})
	t.Run("by a list of people that is shorter", func(t *testing.T) {
		d, change, again := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, refused)
		change(subject("Mine"))
		d.InTeams(func(m map[string]any) { desktest.Invite(m, 800) })
		again()
		again()
		if got := len(d.People()); got != 800 {
			t.Errorf("Graph has %d people, want 800", got)
		}
	})
	t.Run("by any part of one form", func(t *testing.T) {
		d, change, _ := start(t)
		d.InTeams(func(m map[string]any) {
			m["lobbyBypassSettings"] = map[string]any{"scope": "organizer"}
			m["allowedPresenters"] = "organization"
		})
		change(subject("Mine"), option(meeting.OptionLobby, "everyone"), option(meeting.OptionPresenters, "organizer"))
		if m := d.Meeting(1); m.Options.Lobby != "organizer" || m.Options.Presenters != "organization" {
			t.Errorf("the options are %+v", m.Options)
		}
	})
	t.Run("by a second press of Retry", func(t *testing.T) {
		d, change, _ := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, refused)
		change(subject("Mine"))
		seen := d.Attempts(1)[0].BaseReply
		d.InTeams(rename)
		for range 2 {
			if _, err := d.Retry(t.Context(), d.SignIn(priya), 2, seen); err != nil {
				t.Fatal(err)
			}
		}
		if m := d.Meeting(1); m.Subject != "Renamed in Teams" {
			t.Errorf("the subject is %q", m.Subject)
		}
	})
	t.Run("after a sparse reply", func(t *testing.T) {
		d, change, _ := start(t)
		d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 200, ContentType: "application/json",
			Body: `{"id":"` + d.Meeting(1).GraphID + `","subject":"Printer on fire","startDateTime":"0001-01-01T00:00:00Z"}`})
		refresh(d, d.SignIn(priya), 1)
		d.InTeams(func(m map[string]any) { desktest.Invite(m, 30) })
		change(subject("Mine"))
		wantFailed(t, d, 1, meeting.ReasonChanged)
	})
	t.Run("however often it changes", func(t *testing.T) {
		d, change, again := start(t)
		d.Emulator.FailNext(desktest.PatchRoute, forbidden)
		change(subject("Mine"))
		for _, text := range []string{"Renamed in Teams", "Renamed again"} {
			d.InTeams(func(m map[string]any) { m["subject"] = text })
			if m := again(); m.Subject != text {
				t.Errorf("the subject is %q, want %q", m.Subject, text)
			}
		}
		if m := again(); m.Subject != "Mine" {
			t.Errorf("after the person saw it the subject is %q", m.Subject)
		}
	})
}

func TestAnUpdateFromAnOlderReplyIsRefused(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	seen, err := d.Store.LastReply(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	update(d, p, m.ID, subject("In another window"))
	wantRequests(t, d, 0, func() {
		wantError(t, d.Update(t.Context(), p, m.ID, edited(m, subject("Mine")), seen), meeting.Conflict, meeting.ReasonChangeStale)
		wantError(t, d.Remove(t.Context(), p, m.ID, seen), meeting.Conflict, meeting.ReasonChangeStale)
	})
}

func TestAnUpdateSentTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*meeting.Request){"subject": subject("Mine"), "option": option(meeting.OptionRecord, meeting.On)} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			r := edited(m, edit, func(r *meeting.Request) { r.FormID = "one-form" })
			d.Emulator.FailNext(desktest.PatchRoute, forbidden)
			for range 2 {
				if err := d.Update(t.Context(), p, m.ID, r, 1); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(d.Bodies("PATCH")); got != 1 || len(d.Attempts(m.ID)) != 2 {
				t.Errorf("%d PATCH requests and %d attempts, want one, and two with the create", got, len(d.Attempts(m.ID)))
			}
			if sent, err := d.Sent(t.Context(), p, r, 1); err != nil || !sent {
				t.Errorf("sent %v, %v", sent, err)
			}
		})
	}
}

func TestWhatIsNotLiveIsNotChanged(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, dropped)
	m := create(d, p)
	wantRequests(t, d, 0, func() {
		for name, err := range map[string]error{
			"update":  d.Update(t.Context(), p, m.ID, edited(m, subject("Too early")), 0),
			"refresh": d.Refresh(t.Context(), p, m.ID),
			"remove":  d.Remove(t.Context(), p, m.ID, 0),
		} {
			t.Log(name)
			wantError(t, err, meeting.Conflict, meeting.ReasonChangeNotLive)
		}
	})
}

func TestAnUpdateOfAMissingMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Drop: true})
	update(d, p, m.ID, subject("Too late"))
	d.Emulator.RemoveMeeting(m.GraphID)
	retry(d, p, m.ID)
	wantFailed(t, d, m.ID, meeting.ReasonNotFound)
	create(d, p) // the new meeting replaces the missing one
	_, err := d.Retry(t.Context(), p, 2, 0)
	wantError(t, err, meeting.Conflict, meeting.ReasonChangeNotLive)
}

// If a reply omits properties, the desk uses their recorded values. The omission does not
// count as a change made in Teams.
func TestAnUpdateBasedOnASparseReply(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: `{"id":"` + m.GraphID + `","subject":"Printer on fire"}`})
	refresh(d, p, m.ID)
	update(d, p, m.ID, subject("Mine"))
	wantDone(t, d, m.ID, meeting.OutcomeUpdated)
}

func TestASparseReplyToAnUpdate(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	before := create(d, p)
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Status: 200, Apply: true, ContentType: "application/json",
		Body: `{"id":"` + before.GraphID + `","subject":"Sparse","startDateTime":"0001-01-01T00:00:00Z"}`})
	update(d, p, before.ID, subject("Sparse"))
	after := d.Meeting(before.ID)
	if after.Subject != "Sparse" || after.JoinURL != before.JoinURL || !after.Start.Equal(before.Start) || !after.End.Equal(before.End) ||
		after.JoinMeetingID != before.JoinMeetingID || len(after.Attendees) != 1 {
		t.Errorf("recorded %+v, want all but the subject as in %+v", after, before)
	}
}

// If the same retry or removal is requested concurrently from two windows, the desk sends
// only one PATCH or DELETE request.
func TestAMeetingIsChangedOnceAtATime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		prepare      func(d *desktest.Desk)
		act          func(d *desktest.Desk) error
	}{
		{"two retries", "PATCH", func(d *desktest.Desk) {
			d.Emulator.FailNext(desktest.PatchRoute, forbidden)
			update(d, d.SignIn(priya), 1, subject("Mine"))
		}, func(d *desktest.Desk) error {
			_, err := d.Retry(context.Background(), d.SignIn(priya), 2, 0)
			return err
		}},
		{"two removals", "DELETE", func(*desktest.Desk) {}, func(d *desktest.Desk) error { return d.Remove(context.Background(), d.SignIn(priya), 1, 0) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			create(d, d.SignIn(priya))
			tt.prepare(d)
			before := len(d.Bodies(tt.method))
			d.Emulator.SetLatency(50 * time.Millisecond)
			done := make(chan error, 2)
			for range 2 {
				go func() { done <- tt.act(d) }()
			}
			for range 2 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			if got := len(d.Bodies(tt.method)) - before; got != 1 {
				t.Errorf("%d %s requests, want one", got, tt.method)
			}
		})
	}
}

// If a meeting remains locked for too long, the desk records nothing and reports that
// another request is running.
func TestWaitingForTheMeetingIsBounded(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(3*time.Second))
	p := d.SignIn(priya)
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, ticket, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	_, err = d.CreateOrGet(t.Context(), p, request(d))
	wantError(t, err, meeting.Unavailable, meeting.ReasonAttemptRunning)
	if took := time.Since(begun); took >= d.Budget {
		t.Errorf("it waited for %v, which leaves no time for Graph", took)
	}
	if got := d.Meetings(); len(got) != 0 {
		t.Errorf("%d meetings are recorded", len(got))
	}
	unlock()
	create(d, p)
}

// Graph appears to return at most 750 people. A meeting with more people can still be
// renamed, because renaming does not send the list of people.
func TestRenameAMeetingWithManyPeople(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for _, n := range []int{600, 800} {
		d := desktest.New(t)
		p := d.SignIn(priya)
		m := create(d, p)
		d.InTeams(func(m map[string]any) { desktest.Invite(m, n) })
		refresh(d, p, m.ID)
		update(d, p, m.ID, subject("Renamed"))
		wantDone(t, d, m.ID, meeting.OutcomeUpdated)
		if got := d.Bodies("PATCH"); !slices.Equal(got, []string{`{"subject":"Renamed"}`}) || len(d.People()) != n {
			t.Errorf("Graph was sent %.200s and has %d people, want %d", got, len(d.People()), n)
		}
	}
}

// If the outcome of one part of a change cannot be recorded, the person can retry the parts
// that were not sent.
func TestPartsAfterADatabaseErrorCanBeRetried(t *testing.T) {
	t.Parallel()
	enginetest.SQLiteOnly(t, "the trigger is written for SQLite")
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	first := d.Attempts(m.ID)[0].ID + 1
	d.Exec(fmt.Sprintf(`CREATE TRIGGER broken BEFORE UPDATE OF outcome ON attempts WHEN new.id = %d BEGIN SELECT raise(ABORT, 'broken'); END`, first))
	change := request(d, subject("Renamed"))
	change.Options.Lobby = "everyone"
	if err := d.Update(t.Context(), p, m.ID, change, 0); err == nil {
		t.Fatal("the change returned no error")
	}
	d.Exec(`DROP TRIGGER broken`)
	for _, a := range d.Attempts(m.ID) {
		if a.ID == first+1 && (a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonDesk || !a.CanRetry()) {
			t.Errorf("the part that was not sent is %s, reason %s", a.State, a.Reason)
		}
	}
	if sent := len(d.Bodies("PATCH")); sent != 1 {
		t.Errorf("%d parts were sent, want 1", sent)
	}
	if m := retry(d, p, m.ID); m.Options.Lobby != "everyone" {
		t.Errorf("after the retry, the options are %+v", m.Options)
	}
}
