package views

import (
	"net/url"
	"strconv"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// key returns the prefix of the page's message keys.
func (d EndAccessData) key(p Page) string {
	if d.Access.Person.ID == p.User.ID {
		return "access.leave"
	}
	return "access.end"
}

func endAccessPath(meetingID int64, h meeting.HandedOver) string {
	return paths.With(paths.EndAccess(meetingID), url.Values{form.FieldPerson: {strconv.FormatInt(h.Person.ID, 10)}})
}

// canEnd reports whether the reader may revoke this access; see desk.CanEnd.
func (d MeetingData) canEnd(p Page, h meeting.HandedOver) bool {
	return d.Manages || h.Person.ID == p.User.ID || h.By.ID == p.User.ID
}

// endWord returns the text for the link that revokes the access. endLabel returns the
// link's accessible name.
func (d MeetingData) endWord(p Page, h meeting.HandedOver) string {
	if h.Person.ID == p.User.ID {
		return p.T.T("access.leave.button")
	}
	return p.T.T("access.end.button")
}

func (d MeetingData) endLabel(p Page, h meeting.HandedOver) string {
	if h.Person.ID == p.User.ID {
		return p.T.T("access.leave.button")
	}
	return p.T.T("access.end.of", meeting.Args{"Name": h.Person.DisplayName()})
}

func (d MeetingData) since(p Page, h meeting.HandedOver) string {
	args := meeting.Args{"When": d.dayAndTime(p, h.Since), "Name": h.By.DisplayName()}
	if h.By.ID == 0 {
		return p.T.T("access.since", args)
	}
	return p.T.T("access.since.given", args)
}

func (d MeetingData) ended(p Page, h meeting.HandedOver) string {
	args := meeting.Args{"When": d.dayAndTime(p, h.Ended), "Name": h.EndedBy.DisplayName()}
	if h.EndedBy.ID == h.Person.ID {
		return p.T.T("access.past.left", args)
	}
	return p.T.T("access.past", args)
}

func names(people []meeting.HandedOver) string {
	list := make([]string, len(people))
	for i, h := range people {
		list[i] = h.Person.DisplayName()
	}
	return strings.Join(list, ", ")
}
