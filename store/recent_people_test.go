package store_test

import (
	"context"
	"strings"
	"testing"

	"meetdesk/meeting"
)

func TestRecentPeople(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	one, two := signIn(t, s, "one").User, signIn(t, s, "two").User
	meet := func(person meeting.User, id string, people ...string) int64 {
		d := meeting.Details{GraphID: id, ExternalID: id}
		for _, upn := range people {
			d.Attendees = append(d.Attendees, meeting.Attendee{UPN: upn, Name: "Name of " + upn, Role: meeting.RolePresenter})
		}
		return finished(t, s, person, id, d)
	}
	meet(one, "INC1", "ana@fabrikam.example", "dana@contoso.example")
	meet(one, "INC2", "tomas@contoso.example", "", "ANA@fabrikam.example")
	theirs := meet(two, "INC3", "secret@contoso.example")
	if err := s.HandOver(ctx, theirs, one.ID, meeting.TicketKey("INC3")); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[meeting.User]string{
		one: "tomas@contoso.example ANA@fabrikam.example dana@contoso.example",
		two: "secret@contoso.example",
	} {
		list, err := s.RecentPeople(ctx, person.ID)
		var got []string
		for _, a := range list {
			got = append(got, a.UPN)
			if a.Name != "Name of "+a.UPN || a.Role != "" {
				t.Errorf("got %+v", a)
			}
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, %v; want %s", person.UPN, got, err, want)
		}
	}
}
