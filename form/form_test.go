package form_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/people"
)

// Somebody else may have made the meeting with an address that nobody can type
// here. A change of its subject leaves that as it is.
func TestPeopleWhoAreThereStay(t *testing.T) {
	there := []meeting.Attendee{
		{UPN: "josé@fabrikam.example", Name: "José"}, {UPN: "priyа@contoso.example", Role: meeting.RolePresenter},
		{UPN: "live:.cid.1a2b", Name: "Guest, One"}, {UPN: "ana@b.example", Name: "Ana"},
	}
	f := form.Form{Attendees: strings.ReplaceAll(people.Lines(there), "\n", "\r\n"), TimeZone: "UTC", Date: "2027-03-01", Start: "10:00", End: "11:00"}
	r, problems := f.Change(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), there)
	if problems.Any() || !meeting.SamePeople(r.Attendees, there) {
		t.Errorf("%+v %v, want %+v", r.Attendees, problems, there)
	}
	f.Attendees += "jósé@fabrikam.example"
	if _, problems := f.Change(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), there); !problems.Has(meeting.ReasonAttendeesCharacter) {
		t.Errorf("%v, want that a new one is refused", problems)
	}
}
