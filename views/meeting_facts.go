package views

import (
	"cmp"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// madeForThem reports whether somebody other than the organizer created the meeting.
func (d MeetingData) madeForThem() bool {
	return d.Meeting.Maker.ID != 0 && d.Meeting.Maker.ID != d.Meeting.Organizer.ID
}

// attendeeRole returns the label for the attendee's role, or "" for a plain attendee. It
// returns an unknown role unchanged.
func attendeeRole(p Page, a meeting.Attendee) string {
	switch a.Role {
	case meeting.RolePresenter, meeting.RoleCoorganizer:
		return p.T.T("attendee." + string(a.Role))
	case "", meeting.RoleAttendee:
		return ""
	}
	return string(a.Role)
}

// unaddressed returns the label for an attendee without a UPN: the name, the ID from Graph
// (a telephone number for dial-in participants) or a placeholder.
func unaddressed(p Page, a meeting.Attendee) string {
	if label := cmp.Or(a.Name, a.ObjectID); label != "" {
		return label
	}
	return p.T.T("attendee.unnamed")
}

// addressOf returns the address to show with an attendee's name. If the attendee has
// neither, it returns the label from unaddressed.
func addressOf(p Page, a meeting.Attendee) string {
	if a.UPN == "" && a.Name == "" {
		return unaddressed(p, a)
	}
	return a.UPN
}

// settingOf returns the name and the new value of the option that an attempt sets. The
// value includes the new roles unless the attempt sets OptionPresenters to PresentersByRole.
// If the attempt sets only roles, the name says so.
func settingOf(p Page, o meeting.Option, a meeting.Attempt) (setting, value string) {
	var roles []string
	if a.Asked.Roles && a.Asked.Options.Presenters != meeting.PresentersByRole {
		for _, one := range meeting.NewRoles(a.Asked.Attendees, nil) {
			roles = append(roles, cmp.Or(one.Name, addressOf(p, one))+": "+attendeeRole(p, one))
		}
	}
	named := strings.Join(roles, ", ")
	if a.Asked.Roles && a.Asked.Options.Get(o) == "" {
		return p.T.T("roles.setting"), named
	}
	value = optionWord(p, o, a.Asked.Options.Get(o))
	if named != "" {
		value += "; " + named
	}
	return p.T.T("option." + string(o) + ".setting"), value
}

// optionWord returns the label for an option's value. If the catalogue has no label, it
// returns the value itself or, for an empty value, a message that the option is not set.
func optionWord(p Page, o meeting.Option, value string) string {
	if key := "option." + string(o) + "." + value; p.T.Has(key) {
		return p.T.T(key)
	}
	if value == "" {
		return p.T.T("option.unset")
	}
	return value
}

// standings returns the attendee statuses that the page has to explain, without
// duplicates.
func standings(m meeting.Meeting) (found []meeting.Standing) {
	for _, a := range m.Attendees {
		if s := a.Standing(m.Organizer); s != meeting.Resolved && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	slices.Sort(found)
	return found
}
