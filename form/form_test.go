package form_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/people"
)

func TestChangeAcceptsCurrentPeople(t *testing.T) {
	current := []meeting.Attendee{
		{UPN: "josé@fabrikam.example", Name: "José"}, {UPN: "priyа@contoso.example", Role: meeting.RolePresenter},
		{UPN: "live:.cid.1a2b", Name: "Guest, One"}, {UPN: "ana@b.example", Name: "Ana"},
	}
	f := form.Form{Attendees: strings.ReplaceAll(people.Lines(current, func(r meeting.AttendeeRole) string { return string(r) }), "\n", "\r\n"), TimeZone: "UTC", Date: "2027-03-01", Start: "10:00", End: "11:00"}
	r, problems := f.Change(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), current)
	if problems.Any() || !meeting.SamePeople(r.Attendees, current) {
		t.Errorf("%+v %v, want %+v", r.Attendees, problems, current)
	}
	f.Attendees += "jósé@fabrikam.example"
	if _, problems := f.Change(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), current); !problems.Has(meeting.ReasonAttendeesCharacter) {
		t.Errorf("problems %v, want one for the new address", problems)
	}
}
