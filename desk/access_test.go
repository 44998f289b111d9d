package desk_test

import (
	"slices"
	"testing"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

func TestWhoSeesAMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	m := create(d, d.SignIn(priya))
	for _, tt := range []struct {
		who   string
		see   meeting.Code
		edit  meeting.Code
		audit int // the number of audit entries that See and Editable write in total
	}{
		{priya, "", "", 0},
		{tomas, meeting.NotFound, meeting.NotFound, 0},
		{dana, "", meeting.Forbidden, 2},
		{alex, "", meeting.Forbidden, 2},
		{"sam@contoso.example", meeting.NotFound, meeting.NotFound, 0},
	} {
		who, before := d.SignIn(tt.who).User, len(d.Audit())
		if _, _, err := d.See(t.Context(), who, m.ID); meeting.CodeOf(err) != tt.see {
			t.Errorf("%s opens it: %v, want %q", tt.who, err, tt.see)
		}
		if _, mode, err := d.Editable(t.Context(), who, m.ID); meeting.CodeOf(err) != tt.edit || err == nil && mode != meeting.Delegated {
			t.Errorf("%s edits it: %v in %q mode, want %q", tt.who, err, mode, tt.edit)
		}
		got := d.Audit()[before:]
		if len(got) != tt.audit || tt.audit > 0 && got[0] != tt.who+" meeting.read 1 " {
			t.Errorf("%s: the audit has %q, want %d lines", tt.who, got, tt.audit)
		}
	}
	for _, id := range []int64{m.ID, m.ID + 1} { // Tomás may not see the first meeting; the second does not exist
		_, _, err := d.See(t.Context(), d.SignIn(tomas).User, id)
		wantError(t, err, meeting.NotFound, meeting.ReasonMeetingUnknown)
	}
}

func TestSeePart(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	m := create(d, d.SignIn(priya))
	if _, _, err := d.SeePart(t.Context(), d.SignIn(dana).User, m.ID, "card"); err != nil {
		t.Fatal(err)
	}
	if got := d.Audit(); !slices.Equal(got, []string{"dana@contoso.example meeting.read 1 card"}) {
		t.Errorf("the audit has %q", got)
	}
}

func TestTheHelpDeskIsAuditedAfterAHandOver(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	h := d.SignIn(dana)
	m := create(d, d.SignIn(priya))
	if err := d.HandOver(t.Context(), h, m.ID, ticket); err != nil {
		t.Fatal(err)
	}
	before := len(d.Audit())
	if _, _, err := d.See(t.Context(), h.User, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := d.Audit()[before:]; len(got) != 1 {
		t.Errorf("the audit has %q, want one line", got)
	}
}

// The help desk sees everybody's meetings for a ticket, but other staff see only their own.
// Seeing other people's meetings is audited.
func TestTicketNeighbours(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p, h := d.SignIn(priya), d.SignIn(dana)
	first := create(d, p)
	create(d, d.SignIn(tomas))
	second := create(d, p, externalID("INC0012345~2"))
	own := create(d, h)
	neighbours := func(who desk.Actor, m meeting.Meeting) (list []int64, audited int) {
		t.Helper()
		before := len(d.Audit())
		earlier, later, err := d.TicketNeighbours(t.Context(), who.User, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range slices.Concat(earlier, later) {
			list = append(list, other.ID)
		}
		return list, len(d.Audit()) - before
	}
	if list, audited := neighbours(p, first); !slices.Equal(list, []int64{second.ID}) || audited != 0 {
		t.Errorf("Priya is shown %v, %d audited", list, audited)
	}
	if list, audited := neighbours(h, own); len(list) != 3 || audited != 3 {
		t.Errorf("next to her own meeting Dana is shown %v, %d audited", list, audited)
	}
	if list, audited := neighbours(h, first); len(list) != 3 || audited != 2 {
		t.Errorf("next to Priya's meeting Dana is shown %v, %d audited", list, audited)
	}
}

func TestCanRetry(t *testing.T) {
	t.Parallel()
	person := meeting.User{ID: 1}
	for _, tt := range []struct {
		name  string
		state meeting.AttemptState
		by    int64
		mode  meeting.Mode
		want  bool
	}{
		{"failed", meeting.AttemptFailed, 1, meeting.Delegated, true},
		{"unfinished", meeting.AttemptUnfinished, 1, meeting.Delegated, true},
		{"done", meeting.AttemptDone, 1, meeting.Delegated, false},
		{"somebody else's", meeting.AttemptFailed, 2, meeting.Delegated, false},
		{"in the other mode", meeting.AttemptFailed, 1, meeting.Application, false},
	} {
		a := meeting.Attempt{State: tt.state, Mode: tt.mode, Actor: meeting.User{ID: tt.by}}
		if got := desk.CanRetry(person, meeting.Delegated, a); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
