package store_test

import (
	"fmt"
	"slices"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
)

func TestManyAttendees(t *testing.T) {
	s := open(t, t.TempDir())
	person := signIn(t, s, "one").User
	var want []meeting.Attendee
	for i := range 500 {
		want = append(want, meeting.Attendee{UPN: fmt.Sprintf("p%d@contoso.example", i), Name: fmt.Sprintf(`Ação "%d", {NULL} \`, i), Role: []meeting.AttendeeRole{"", meeting.RolePresenter, meeting.RoleCoorganizer}[i%3]})
	}
	want = append(want, meeting.Attendee{ObjectID: "0f9619ff-8b86-d011-b42d-00c04fc964ff", Name: "Guest", Identity: meeting.IdentityGuest})
	a := begin(t, s, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1", Attendees: want}})
	m, err := s.Meeting(t.Context(), a.MeetingID)
	if err != nil || !slices.Equal(m.Attendees, want) {
		t.Errorf("%d attendees, %v, want %d:\n%q", len(m.Attendees), err, len(want), m.Attendees)
	}
}
