package desk_test

import (
	"errors"
	"slices"
	"testing"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

func guard(d *desktest.Desk, who desk.Actor, edit ...func(*meeting.Request)) meeting.Guarded {
	d.T.Helper()
	g, err := d.Guard(d.T.Context(), who, request(d, edit...))
	if err != nil {
		d.T.Fatal(err)
	}
	return g
}

func ids(list []meeting.TicketMeeting) (ids []string) {
	for _, m := range list {
		ids = append(ids, m.ExternalID)
	}
	return ids
}

func wantGuarded(t *testing.T, g meeting.Guarded, own, colleagues []string, anotherID string) {
	t.Helper()
	if !slices.Equal(ids(g.Own), own) || !slices.Equal(ids(g.Colleagues), colleagues) || g.AnotherID != anotherID {
		t.Errorf("own %q, colleagues' %q, another %q; want %q, %q, %q", ids(g.Own), ids(g.Colleagues), g.AnotherID, own, colleagues, anotherID)
	}
}

func TestTheGuardShowsOnesOwnMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	create(d, p)
	wantRequests(t, d, 0, func() {
		for _, spelling := range []string{ticket, "inc 0012345", "#INC0012345", "INC-0012345", "Inc_0012345", "INC.0012345", "INC–0012345", "[INC0012345]", `"INC0012345",`} {
			wantGuarded(t, guard(d, p, externalID(spelling)), []string{ticket}, nil, "INC0012345~2")
		}
		for _, other := range []string{"INC001234", "INC00123456", "NC0012345", "INC00-12345", "INC012345", "INC0012345~2"} {
			wantGuarded(t, guard(d, p, externalID(other)), nil, nil, "")
		}
	})
	create(d, p, externalID("INC0012345~2"))
	wantGuarded(t, guard(d, p, externalID("inc0012345~2")), []string{"INC0012345~2"}, nil, "INC0012345~3")
	wantGuarded(t, guard(d, d.SignIn(tomas)), nil, []string{ticket, "INC0012345~2"}, "")
}

func TestTheGuardShowsColleagues(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	create(d, d.SignIn(dana), subject("Dana's subject"))
	g := guard(d, d.SignIn(priya), externalID("inc-0012345"))
	wantGuarded(t, g, nil, []string{ticket}, "")
	if m := g.Colleagues[0]; m.Organizer.UPN != dana || m.State != meeting.Live || m.Subject != "" {
		t.Errorf("the guard tells %+v, want whose it is, without the subject", m)
	}

	t.Run("but no removed meetings, nor meetings that may not exist", func(t *testing.T) {
		h, p := d.SignIn(dana), d.SignIn(priya)
		remove(d, h, 1)
		d.Emulator.FailNext(desktest.CreateRoute, dropped)
		create(d, d.SignIn(tomas))
		wantGuarded(t, guard(d, p), nil, nil, "")
		create(d, p)
		wantGuarded(t, guard(d, h), nil, []string{ticket}, "")
	})
}

// For "INC0012345~2", the guard ignores the person's own first meeting but shows their
// colleagues' meetings for the ticket, whatever their external IDs.
func TestTheGuardShowsColleaguesForASecondMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	create(d, p)
	create(d, d.SignIn(dana))
	create(d, d.SignIn(tomas), externalID("INC0012345~3"))
	second := externalID("INC0012345~2")
	wantGuarded(t, guard(d, p, second), nil, []string{"INC0012345~3", ticket}, "")
	if _, err := d.CreateOrGet(t.Context(), p, request(d, second, guarded)); !errors.Is(err, desk.ErrTicketTaken) {
		t.Errorf("before the person has answered the guard: %v", err)
	}
	create(d, p, second)
}

// A request for the external ID of an unfinished meeting finishes creating that meeting,
// so the guard shows nothing. For another spelling of the ticket, the guard shows the
// unfinished meeting.
func TestTheGuardAndUnfinishedMeetings(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, applied)
	create(d, p)
	wantGuarded(t, guard(d, p), nil, nil, "")
	g := guard(d, p, externalID("inc-0012345"))
	wantGuarded(t, g, []string{ticket}, nil, "INC0012345~2")
	if g.Own[0].State != meeting.Unfinished {
		t.Errorf("it is %s", g.Own[0].State)
	}
	d.Emulator.FailNext(desktest.CreateRoute, forbidden)
	create(d, p, externalID("REQ-1"))
	wantGuarded(t, guard(d, p, externalID("req 1")), nil, nil, "")
}

// The meeting with the requested external ID comes first. Upcoming meetings follow, soonest
// first, and then past ones. The guard shows at most five.
func TestTheOrderOfTheGuard(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	h := d.SignIn(dana)
	at := func(days int) func(*meeting.Request) {
		return func(r *meeting.Request) { r.Start, r.End = r.Start.AddDate(0, 0, days), r.End.AddDate(0, 0, days) }
	}
	for _, m := range []struct {
		id   string
		days int
	}{{"INC0012345~2", -2}, {"INC0012345~3", 9}, {"INC0012345~4", 2}, {ticket, -5}, {"INC0012345~5", -30}, {"INC0012345~6", -40}} {
		create(d, h, externalID(m.id), at(m.days))
	}
	want := []string{ticket, "INC0012345~4", "INC0012345~3", "INC0012345~2", "INC0012345~5"}
	wantGuarded(t, guard(d, d.SignIn(priya)), nil, want, "")
	wantGuarded(t, guard(d, d.SignIn(priya), externalID("#inc-0012345")), nil, want, "")
	wantGuarded(t, guard(d, h), want, nil, "INC0012345~7")
}

func TestTheGuardPassesAFormThatWasSent(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	form := func(r *meeting.Request) { r.FormID = "one-form" }
	create(d, p, form)
	wantGuarded(t, guard(d, p, form), nil, nil, "")
	wantGuarded(t, guard(d, p, form, subject("Changed")), []string{ticket}, nil, "INC0012345~2")
}

// If the request names another organizer, the guard looks for that organizer's meetings.
// The help desk user's own meetings then count as colleagues' meetings.
func TestTheGuardOfAnotherOrganizer(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h := d.SignIn(dana)
	create(d, d.SignIn(tomas))
	create(d, h)
	g := guard(d, h, organizer(priyaID))
	shown := []string{"dana@contoso.example ticket.read 1 INC0012345"}
	if got := d.Audit(); !slices.Equal(ids(g.Colleagues), []string{ticket, ticket}) || !slices.Equal(got, shown) {
		t.Errorf("colleagues' %q, audit %q; want Tomás' and Dana's, of which Tomás' is audited", ids(g.Colleagues), got)
	}
	t.Run("what the help desk is shown is audited", func(t *testing.T) {
		create(d, d.SignIn(priya))
		g := guard(d, h, organizer(priyaID), externalID("inc 0012345"))
		wantGuarded(t, g, []string{ticket}, nil, "INC0012345~2")
		if got := d.Audit()[len(shown):]; !g.Theirs || !slices.Equal(got, []string{"dana@contoso.example ticket.read 3 inc 0012345"}) {
			t.Errorf("theirs %v, audit %q", g.Theirs, got)
		}
	})
	t.Run("a meeting that Dana made is not somebody else's", func(t *testing.T) {
		create(d, h, organizer(priyaID), externalID("REQ7"))
		if g := guard(d, h, organizer(priyaID), externalID("req 7")); g.Theirs || len(g.Own) != 1 {
			t.Errorf("theirs %v, own %q", g.Theirs, ids(g.Own))
		}
	})
}

// Two colleagues may both pass the guard before either meeting is created. The method
// Colleagues then shows each of them the other's meeting.
func TestTwoColleaguesPassTheGuard(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	people := []desk.Actor{d.SignIn(priya), d.SignIn(tomas)}
	for _, p := range people {
		wantGuarded(t, guard(d, p), nil, nil, "")
	}
	for _, p := range people {
		create(d, p)
	}
	for i, p := range people {
		list, err := d.Colleagues(t.Context(), p.User, p.User, ticket)
		if err != nil || len(list) != 1 || list[0].Organizer.ID != people[1-i].User.ID {
			t.Errorf("%s is shown %+v (%v)", p.User.UPN, list, err)
		}
	}
}
