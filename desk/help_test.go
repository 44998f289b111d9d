package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

const (
	priya = "priya@contoso.example"
	tomas = "tomas@contoso.example"
	dana  = "dana@contoso.example" // help desk
	alex  = "alex@contoso.example" // administrator

	priyaID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"
	tomasID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02"
	danaID  = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e03"
)

const ticket = "INC0012345"

var (
	forbidden = emulator.Failure{Status: 403, Code: "Forbidden"}
	// dropped closes the connection before each request takes effect, and applied closes it
	// afterwards.
	dropped = emulator.Failure{Drop: true, Times: 3}
	applied = emulator.Failure{Drop: true, Apply: true, Times: 3}
)

func withOrganizers(names ...string) func(*desktest.Settings) {
	return func(s *desktest.Settings) { s.Organizers, s.Policy = names, []string{emulator.Everyone} }
}

func withBudget(d time.Duration) func(*desktest.Settings) {
	return func(s *desktest.Settings) { s.Budget = d }
}

func withDirectory(people ...emulator.Person) func(*desktest.Settings) {
	return func(s *desktest.Settings) {
		s.Scopes = []string{"User.ReadBasic.All"}
		s.People = append(s.People, people...)
	}
}

func withSwitches(w emulator.Switches) func(*desktest.Settings) {
	return func(s *desktest.Settings) { s.Switches = w }
}

// request returns a request for a meeting at 10:00 UTC tomorrow with Dana as the attendee.
// The given edits change the request.
func request(d *desktest.Desk, edit ...func(*meeting.Request)) meeting.Request {
	start := d.Clock().UTC().AddDate(0, 0, 1).Truncate(24 * time.Hour).Add(10 * time.Hour)
	r := meeting.Request{
		ExternalID: ticket, Subject: "Printer on fire", Start: start, End: start.Add(30 * time.Minute), TimeZone: "Europe/Lisbon",
		Attendees: []meeting.Attendee{{UPN: dana, Name: "Dana Whitfield"}},
	}
	for _, f := range edit {
		f(&r)
	}
	return r
}

func subject(text string) func(*meeting.Request) {
	return func(r *meeting.Request) { r.Subject = text }
}

func externalID(id string) func(*meeting.Request) {
	return func(r *meeting.Request) { r.ExternalID = id }
}

func organizer(objectID string) func(*meeting.Request) {
	return func(r *meeting.Request) { r.Organizer = objectID }
}

func option(o meeting.Option, value string) func(*meeting.Request) {
	return func(r *meeting.Request) { r.Options = r.Options.With(o, value) }
}

func attendees(list ...meeting.Attendee) func(*meeting.Request) {
	return func(r *meeting.Request) { r.Attendees = list }
}

func person(upn string) meeting.Attendee { return meeting.Attendee{UPN: upn} }

func presenter(upn string) meeting.Attendee {
	return meeting.Attendee{UPN: upn, Role: meeting.RolePresenter}
}

func coorganizer(upn string) meeting.Attendee {
	return meeting.Attendee{UPN: upn, Role: meeting.RoleCoorganizer}
}

func create(d *desktest.Desk, who desk.Actor, edit ...func(*meeting.Request)) meeting.Meeting {
	d.T.Helper()
	id, err := d.CreateOrGet(context.Background(), who, request(d, edit...))
	if err != nil {
		d.T.Fatal(err)
	}
	return d.Meeting(id)
}

// edited returns the request that the meeting's form sends after the given edits. It omits
// attendees without a UPN, as the form does.
func edited(m meeting.Meeting, edit ...func(*meeting.Request)) meeting.Request {
	r := meeting.Request{ExternalID: m.ExternalID, Subject: m.Subject, Start: m.Start, End: m.End, TimeZone: m.TimeZone, Options: m.Options}
	for _, a := range m.Attendees {
		if a.UPN != "" {
			r.Attendees = append(r.Attendees, a)
		}
	}
	for _, f := range edit {
		f(&r)
	}
	return r
}

func update(d *desktest.Desk, who desk.Actor, id int64, edit ...func(*meeting.Request)) {
	d.T.Helper()
	if err := d.Update(context.Background(), who, id, edited(d.Meeting(id), edit...), 0); err != nil {
		d.T.Fatal(err)
	}
}

func refresh(d *desktest.Desk, who desk.Actor, id int64) {
	d.T.Helper()
	if err := d.Refresh(context.Background(), who, id); err != nil {
		d.T.Fatal(err)
	}
}

func remove(d *desktest.Desk, who desk.Actor, id int64) {
	d.T.Helper()
	if err := d.Remove(context.Background(), who, id, 0); err != nil {
		d.T.Fatal(err)
	}
}

// retry repeats the newest attempt on the meeting. It returns the attempt's meeting,
// which may be a different one after the retry.
func retry(d *desktest.Desk, who desk.Actor, id int64) meeting.Meeting {
	d.T.Helper()
	return retryAttempt(d, who, d.Attempts(id)[0].ID)
}

func retryAttempt(d *desktest.Desk, who desk.Actor, attemptID int64) meeting.Meeting {
	d.T.Helper()
	id, err := d.Retry(context.Background(), who, attemptID, 0)
	if err != nil {
		d.T.Fatal(err)
	}
	return d.Meeting(id)
}

func wantAttempt(t *testing.T, d *desktest.Desk, id int64, state meeting.AttemptState, outcome meeting.Outcome, reason meeting.Reason) {
	t.Helper()
	if a := d.Attempts(id)[0]; a.State != state || a.Outcome != outcome || a.Reason != reason {
		t.Errorf("the attempt to %s is %s, outcome %q, reason %q; want %s, %q, %q", a.Kind, a.State, a.Outcome, a.Reason, state, outcome, reason)
	}
}

func wantDone(t *testing.T, d *desktest.Desk, id int64, outcome meeting.Outcome) {
	t.Helper()
	wantAttempt(t, d, id, meeting.AttemptDone, outcome, "")
}

func wantFailed(t *testing.T, d *desktest.Desk, id int64, reason meeting.Reason) {
	t.Helper()
	wantAttempt(t, d, id, meeting.AttemptFailed, "", reason)
}

func wantUnfinished(t *testing.T, d *desktest.Desk, id int64, reason meeting.Reason) {
	t.Helper()
	wantAttempt(t, d, id, meeting.AttemptUnfinished, "", reason)
}

func wantError(t testing.TB, err error, code meeting.Code, reason meeting.Reason) {
	t.Helper()
	var got *meeting.Error
	if !errors.As(err, &got) || got.Code != code || got.Key != reason {
		t.Errorf("error %v, want %s for %s", err, code, reason)
	}
}

// wantRequests fails the test unless Graph receives the given number of requests while the
// callback runs.
func wantRequests(t *testing.T, d *desktest.Desk, want int, do func()) {
	t.Helper()
	before := len(d.Emulator.Requests())
	do()
	if got := len(d.Emulator.Requests()) - before; got != want {
		t.Errorf("Graph received %d requests, want %d", got, want)
	}
}

func argsOf(err error) meeting.Args {
	var known *meeting.Error
	if !errors.As(err, &known) {
		return nil
	}
	return known.Args
}
