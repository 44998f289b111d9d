package views

import (
	"strings"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

func (d FormData) people(p Page) ui.Field {
	f := d.field(p, meeting.FieldAttendees, d.Form.Attendees)
	f.Rows = 4
	f.Autofocus = d.focus() == f.Name // for browsers without scripts; otherwise the combobox replaces this field
	return f
}

// inside returns a space-separated list of addresses. By submitting the form again, the user
// confirms that these addresses are in the directory.
func (d FormData) inside() string {
	addresses := strings.Fields(d.Form.Inside)
	for _, problem := range d.Problems.Field(meeting.FieldAttendees) {
		if who, ok := problem.Args["Who"].(string); ok && problem.Key == meeting.ReasonRolesUnsure {
			addresses = append(addresses, who)
		}
	}
	return strings.Join(addresses, " ")
}

// keptPeople returns the names of the attendees without an address, or their IDs if they
// have no name. The form lists them in a hint but cannot change them.
func (d FormData) keptPeople(p Page) string {
	if d.Meeting == nil {
		return ""
	}
	var names []string
	for _, a := range meeting.Unaddressed(d.Meeting.Attendees) {
		names = append(names, unaddressed(p, a))
	}
	return strings.Join(names, ", ")
}

// keepsPeople reports whether the form must not change the attendees, because Graph may
// have returned only some of them.
func (d FormData) keepsPeople() bool { return d.Meeting != nil && d.Meeting.MaybeCut() }

func (d FormData) organizers(p Page) []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: p.T.T("form.organizer.me")}}
	for _, u := range d.Organizers {
		choices = append(choices, ui.Choice{Value: u.ObjectID, Label: who(u)})
	}
	return choices
}
