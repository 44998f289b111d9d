package meeting_test

import (
	"testing"

	"meetdesk/meeting"
)

func TestStanding(t *testing.T) {
	organizer := meeting.User{UPN: "priya@contoso.example"}
	for _, tt := range []struct {
		name string
		a    meeting.Attendee
		of   meeting.User
		want meeting.Standing
	}{
		{"found in the directory", meeting.Attendee{UPN: "tomas@contoso.example", ObjectID: "T"}, organizer, meeting.Resolved},
		{"another domain of the organization", meeting.Attendee{UPN: "tomas@contoso.test", ObjectID: "T"}, organizer, meeting.Resolved},
		{"not found", meeting.Attendee{UPN: "wrong@contoso.example"}, organizer, meeting.Unresolved},
		{"not found, domain in capitals", meeting.Attendee{UPN: "wrong@CONTOSO.example"}, organizer, meeting.Unresolved},
		{"from another organization", meeting.Attendee{UPN: "ana@fabrikam.example"}, organizer, meeting.Outside},
		{"a guest of the directory", meeting.Attendee{UPN: "ana_fabrikam.example#EXT#@contoso.example", ObjectID: "A"}, organizer, meeting.Outside},
		{"a guest in lower case", meeting.Attendee{UPN: "ana_fabrikam.example#ext#@contoso.example", ObjectID: "A"}, organizer, meeting.Outside},
		{"without an address", meeting.Attendee{ObjectID: "X"}, organizer, meeting.Resolved},
		{"an entry without any data", meeting.Attendee{}, organizer, meeting.Unresolved},
		{"an organizer without an address", meeting.Attendee{UPN: "ana@fabrikam.example"}, meeting.User{ObjectID: "O"}, meeting.Unresolved},
	} {
		if got := tt.a.Standing(tt.of); got != tt.want {
			t.Errorf("%s: Standing = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestResolve(t *testing.T) {
	lee := meeting.Person{ObjectID: "L", UPN: "lee@contoso.example", Name: "Lee Long"}
	got := meeting.Resolve([]meeting.Attendee{
		{UPN: "LEE@contoso.example", Name: "Typed"},
		{UPN: "lee.long@contoso.example", Role: meeting.RolePresenter},
		{UPN: "l.long@contoso.example", Role: meeting.RoleCoorganizer},
		{UPN: "nameless@contoso.example", Name: "Typed"},
		{UPN: "idless@contoso.example"},
		{UPN: "unknown@contoso.example", Role: meeting.RolePresenter},
	}, map[string]meeting.Person{
		"lee@contoso.example": lee, "lee.long@contoso.example": lee, "l.long@contoso.example": lee,
		"nameless@contoso.example": {ObjectID: "N", UPN: "nameless@contoso.example"},
		"idless@contoso.example":   {UPN: "other@contoso.example"},
	})
	want := []meeting.Attendee{
		{UPN: "lee@contoso.example", ObjectID: "L", Name: "Lee Long", Role: meeting.RolePresenter},
		{UPN: "nameless@contoso.example", ObjectID: "N", Name: "Typed"},
		{UPN: "idless@contoso.example"},
		{UPN: "unknown@contoso.example", Role: meeting.RolePresenter},
	}
	if len(got) != len(want) {
		t.Fatalf("%d people, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("person %d is %+v, want %+v", i+1, got[i], want[i])
		}
	}
}
