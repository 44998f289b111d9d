package desk_test

import (
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func lastChange(d *desktest.Desk, m meeting.Meeting) desk.LastChange {
	d.T.Helper()
	c, err := d.LastChange(d.T.Context(), m, d.Attempts(m.ID))
	if err != nil {
		d.T.Fatal(err)
	}
	return c
}

// PutBack restores everything that a change replaced. A second PutBack undoes the first
// one.
func TestPutBack(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	before := create(d, p)
	update(d, p, before.ID, func(r *meeting.Request) {
		r.Subject, r.Start, r.End = "Renamed", r.Start.Add(time.Hour), r.End.Add(time.Hour)
		r.Attendees = []meeting.Attendee{person(tomas)}
		r.Options.Announce = meeting.Off
	})
	changed := d.Meeting(before.ID)
	c := lastChange(d, changed)
	if len(c.Changes) != 5 || !d.CanPutBack(c, changed) {
		t.Fatalf("the page offers to put back %+v", c.Changes)
	}
	if err := d.PutBack(t.Context(), p, before.ID, c.Reply); err != nil {
		t.Fatal(err)
	}
	if left := before.Details.Changes(d.Meeting(before.ID).Details); len(left) != 0 {
		t.Errorf("not put back: %+v", left)
	}
	n := len(d.Attempts(before.ID))
	if err := d.PutBack(t.Context(), p, before.ID, c.Reply); err != nil || len(d.Attempts(before.ID)) != n {
		t.Errorf("the second press: %v, %d attempts more", err, len(d.Attempts(before.ID))-n)
	}
	if err := d.PutBack(t.Context(), p, before.ID, lastChange(d, d.Meeting(before.ID)).Reply); err != nil {
		t.Fatal(err)
	}
	if left := changed.Details.Changes(d.Meeting(before.ID).Details); len(left) != 0 {
		t.Errorf("not changed again: %+v", left)
	}
}

// PutBack sends nothing and returns a Conflict error if the change cannot be undone, or
// if the person has not seen the newest reply.
func TestPutBackIsRefused(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	later := func(r *meeting.Request) { r.Start, r.End = r.Start.Add(48*time.Hour), r.End.Add(48*time.Hour) }
	for _, tt := range []struct {
		name string
		do   func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) (now time.Time)
	}{
		{"nothing was changed", func(*desktest.Desk, desk.Actor, meeting.Meeting) time.Time { return time.Time{} }},
		{"the old time has passed", func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) time.Time {
			update(d, p, m.ID, later)
			return m.Start.Add(time.Hour)
		}},
		{"the meeting is over", func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) time.Time {
			update(d, p, m.ID, subject("Renamed"))
			return m.End.Add(time.Hour)
		}},
		{"it was refreshed since", func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) time.Time {
			update(d, p, m.ID, subject("Renamed"))
			refresh(d, p, m.ID)
			return time.Time{}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			if now := tt.do(d, p, m); !now.IsZero() {
				d.Now = func() time.Time { return now }
			}
			m = d.Meeting(m.ID)
			c := lastChange(d, m)
			if d.CanPutBack(c, m) {
				t.Error("it is offered")
			}
			newest, err := d.Store.LastReply(t.Context(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			sent := len(d.Bodies("PATCH"))
			wantError(t, d.PutBack(t.Context(), p, m.ID, newest+1), meeting.Conflict, meeting.ReasonPutBackStale)
			if tt.name != "it was refreshed since" {
				wantError(t, d.PutBack(t.Context(), p, m.ID, c.Reply), meeting.Conflict, meeting.ReasonPutBackStale)
			}
			if n := len(d.Bodies("PATCH")) - sent; n != 0 {
				t.Errorf("%d changes were sent", n)
			}
		})
	}
}

func TestOptionsOfANewMeetingAreNoChange(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	m := create(d, d.SignIn(priya), option(meeting.OptionAnnounce, meeting.Off), attendees(coorganizer(alex)))
	if n := len(d.Attempts(m.ID)); n != 3 {
		t.Errorf("%d attempts, want the create, the option and the roles", n)
	}
	if c := lastChange(d, m); len(c.Changes) != 0 {
		t.Errorf("changes %+v", c.Changes)
	}
}

// A change of roles can be put back even if roles were set when the meeting was created.
func TestPutBackRoles(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, people := range map[string][]meeting.Attendee{
		"a role more": {coorganizer(alex), coorganizer(dana), presenter(tomas)},
		"a role less": {coorganizer(alex), person(dana), person(tomas)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			before := create(d, p, attendees(coorganizer(alex), coorganizer(dana), person(tomas)))
			update(d, p, before.ID, attendees(people...), option(meeting.OptionPresenters, meeting.PresentersByRole))
			if a := d.Attempts(before.ID); len(a) != 3 || !a[0].Asked.Roles {
				t.Fatalf("%d attempts, the newest with %+v; want three, the newest with the roles", len(a), a[0].Asked)
			}
			m := d.Meeting(before.ID)
			c := lastChange(d, m)
			if len(c.Changes) != 2 || !d.CanPutBack(c, m) {
				t.Fatalf("the page offers to put back %+v, want the people and who can present", c.Changes)
			}
			if err := d.PutBack(t.Context(), p, m.ID, c.Reply); err != nil {
				t.Fatal(err)
			}
			if left := before.Details.Changes(d.Meeting(m.ID).Details); len(left) != 0 {
				t.Errorf("not put back: %+v", left)
			}
		})
	}
}

// If a change was refused because somebody had renamed the meeting in Teams, a refresh
// still reports the new name, which the person may not have seen.
func TestRefreshAfterARefusedChange(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.InTeams(rename)
	update(d, p, m.ID, subject("Mine"))
	refresh(d, p, m.ID)
	changes, news, err := d.Changes(t.Context(), m.ID, d.Attempts(m.ID))
	if err != nil || !news || len(changes) != 1 || changes[0].What != meeting.DifferentSubject {
		t.Errorf("changes %+v, news %v, error %v; want the subject", changes, news, err)
	}
}
