package views

import (
	"slices"

	"meetdesk/meeting"
)

// madeForThem reports whether another than the organizer made the meeting.
func (d MeetingData) madeForThem() bool {
	return d.Meeting.Maker.ID != 0 && d.Meeting.Maker.ID != d.Meeting.Organizer.ID
}

// attendeeRole is the word for a role other than the ordinary one, or "".
func attendeeRole(p Page, a meeting.Attendee) string {
	switch a.Role {
	case meeting.RolePresenter, meeting.RoleCoorganizer:
		return p.T.T("attendee." + a.Role)
	case "", meeting.RoleAttendee:
		return ""
	}
	return a.Role
}

// optionWord is what the value of an option means. Graph may have values that
// the desk has no words for.
func optionWord(p Page, o meeting.Option, value string) string {
	if key := "option." + string(o) + "." + value; p.T.Has(key) {
		return p.T.T(key)
	}
	if value == "" {
		return p.T.T("option.unset")
	}
	return value
}

// standings are those among the people that need a word of explanation.
func standings(m meeting.Meeting) (found []meeting.Standing) {
	for _, a := range m.Attendees {
		if s := a.Standing(m.Organizer); s != meeting.Resolved && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	slices.Sort(found)
	return found
}
