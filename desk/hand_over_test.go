package desk_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

// Meeting IDs are easy to guess, so a meeting is handed over only to a person who names its
// ticket.
func TestHandOver(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	h, p := d.SignIn(dana), d.SignIn(priya)
	m := create(d, h)
	for _, guess := range []string{"", "#", "INC0012346", "INC", "%", "*"} {
		if err := d.HandOver(t.Context(), p, m.ID, guess); meeting.CodeOf(err) != meeting.NotFound {
			t.Errorf("%q: %v, want not found", guess, err)
		}
	}
	if _, _, err := d.See(t.Context(), p.User, m.ID); meeting.CodeOf(err) != meeting.NotFound {
		t.Errorf("before the hand-over: %v, want not found", err)
	}
	if err := d.HandOver(t.Context(), p, m.ID, "inc-0012345"); err != nil {
		t.Fatal(err)
	}
	if _, r, err := d.See(t.Context(), p.User, m.ID); err != nil || !r.KitOnly() {
		t.Errorf("after the hand-over: %+v, %v", r, err)
	}
	if _, _, err := d.Editable(t.Context(), p.User, m.ID); meeting.CodeOf(err) != meeting.Forbidden {
		t.Errorf("a change: %v, want forbidden", err)
	}
	want := []string{"priya@contoso.example meeting.hand_over 1 ", "priya@contoso.example meeting.read 1 ", "priya@contoso.example meeting.read 1 "}
	if got := d.Audit(); !slices.Equal(got, want) {
		t.Errorf("the audit has %q, want %q", got, want)
	}
	wantGuarded(t, guard(d, p), nil, []string{ticket}, "") // a hand-over does not change the organizer
	remove(d, h, m.ID)
	if err := d.HandOver(t.Context(), d.SignIn(tomas), m.ID, ticket); meeting.CodeOf(err) != meeting.NotFound {
		t.Errorf("a removed meeting: %v, want not found", err)
	}
}

// Revoking access takes effect immediately. The organizer and administrators can revoke
// other people's access and restore it. People to whom the meeting was handed over can end
// their own access, but cannot revoke or restore anybody else's.
func TestEndAccess(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p, o, h, a := d.SignIn(priya), d.SignIn(tomas), d.SignIn(dana), d.SignIn(alex)
	m := create(d, p)
	handOver := func(to desk.Actor, m meeting.Meeting) error { return d.HandOver(t.Context(), to, m.ID, ticket) }
	sees := func(who desk.Actor) bool {
		r, err := d.Store.Relation(t.Context(), m.ID, who.User.ID)
		return err == nil && r.Own()
	}
	for _, by := range []desk.Actor{p, a, o} {
		if err := handOver(o, m); err != nil {
			t.Fatal(err)
		}
		if err := d.EndAccess(t.Context(), by, m.ID, o.User.ID); err != nil || sees(o) {
			t.Errorf("after %s ended it: %v, Tomás has access: %v", by.User.UPN, err, sees(o))
		}
		if by.User.ID == o.User.ID {
			break // after ending their own access, people can have the meeting handed over again
		}
		wantError(t, handOver(o, m), meeting.Forbidden, meeting.ReasonAccessEnded)
		wantError(t, d.GiveAccess(t.Context(), h, m.ID, []int64{o.User.ID}), meeting.Forbidden, meeting.ReasonAccessOthers)
		if err := d.GiveAccess(t.Context(), by, m.ID, []int64{o.User.ID, h.User.ID}); err != nil || !sees(o) || sees(h) {
			t.Errorf("%s gave it again: %v, Tomás has access: %v, Dana, who never had any: %v", by.User.UPN, err, sees(o), sees(h))
		}
	}
	if err := handOver(o, m); err != nil {
		t.Errorf("Tomás takes it again: %v", err)
	}
	wantError(t, d.EndAccess(t.Context(), h, m.ID, o.User.ID), meeting.Forbidden, meeting.ReasonAccessOthers)
	if err := handOver(h, m); err != nil {
		t.Fatal(err)
	}
	wantError(t, d.EndAccess(t.Context(), o, m.ID, h.User.ID), meeting.Forbidden, meeting.ReasonAccessOthers)
	wantError(t, d.GiveAccess(t.Context(), o, m.ID, []int64{h.User.ID}), meeting.Forbidden, meeting.ReasonAccessOthers)
	if err := d.EndAccess(t.Context(), p, m.ID, p.User.ID); err != nil || !sees(p) {
		t.Errorf("the organizer's own access: %v, has access: %v", err, sees(p))
	}
	audit := strings.Join(d.Audit(), "\n")
	for _, want := range []string{priya + " meeting.end_access 1 " + tomas, alex + " meeting.give_access 1 " + tomas, tomas + " meeting.end_access 1 " + tomas} {
		if !strings.Contains(audit, want) {
			t.Errorf("want %q in the audit:\n%s", want, audit)
		}
	}
}

// A meeting does not inherit access from the meeting that it replaces. The organizer of the
// new meeting sees who had access to the old one, and can restore that access.
func TestReplacementInheritsNoAccess(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p, o, h := d.SignIn(priya), d.SignIn(tomas), d.SignIn(dana)
	old := create(d, p)
	for _, who := range []desk.Actor{o, h} {
		if err := d.HandOver(t.Context(), who, old.ID, ticket); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.EndAccess(t.Context(), p, old.ID, h.User.ID); err != nil {
		t.Fatal(err)
	}
	d.Emulator.RemoveMeeting(old.GraphID)
	m := create(d, p)
	if _, _, err := d.See(t.Context(), o.User, m.ID); m.ID == old.ID || meeting.CodeOf(err) != meeting.NotFound {
		t.Errorf("Tomás opens the new row %d: %v, want not found", m.ID, err)
	}
	wantError(t, d.HandOver(t.Context(), h, m.ID, ticket), meeting.Forbidden, meeting.ReasonAccessEnded)
	people, err := d.Store.People(t.Context(), m.ID)
	if err != nil || len(people.Now)+len(people.Ended) != 0 || len(people.Earlier) != 1 || people.Earlier[0].Person.ID != o.User.ID {
		t.Fatalf("the new meeting's people are %+v, %v; want Tomás, who had access to the old one", people, err)
	}
	if err := d.GiveAccess(t.Context(), p, m.ID, []int64{o.User.ID, h.User.ID}); err != nil {
		t.Fatal(err)
	}
	people, err = d.Store.People(t.Context(), m.ID)
	if err != nil || len(people.Earlier) != 0 || len(people.Now) != 1 || people.Now[0].By.ID != p.User.ID {
		t.Errorf("afterwards: %+v, %v; want access for Tomás, given by Priya", people, err)
	}
	if err := d.EndAccess(t.Context(), p, m.ID, o.User.ID); err != nil {
		t.Fatal(err)
	}
	if people, err = d.Store.People(t.Context(), m.ID); err != nil || len(people.Earlier) != 0 || len(people.Ended) != 1 {
		t.Errorf("after it was ended: %+v, %v; want it listed as ended only", people, err)
	}
}
