package views

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/people"
)

// another returns the form values for another meeting, on a different day. A user who cannot
// change this meeting becomes the organizer of the new one.
func (d MeetingData) another(p Page) url.Values {
	v := form.AnotherDay(d.Meeting, d.zone(), d.Now).Query()
	if d.AnotherID != "" {
		v.Set(meeting.FieldExternalID, d.AnotherID)
	}
	if d.Meeting.Subject != "" {
		v.Set(meeting.FieldSubject, d.Meeting.Subject)
	}
	if v.Has(meeting.FieldDate) {
		v.Set(meeting.FieldTimeZone, d.zone().String())
	} else if d.Meeting.TimeZone != "" {
		v.Set(meeting.FieldTimeZone, d.Meeting.TimeZone)
	}
	v.Set(form.FieldProposed, form.ProposedAll) // the values come from the meeting, not from the user
	d.fill(p, v, d.Meeting.Attendees)
	return v
}

// again returns the form values for repeating the attempt's request. Proposed values are
// still marked as proposals.
func (d MeetingData) again(p Page, asked meeting.Asked) url.Values {
	v := url.Values{
		meeting.FieldExternalID: {asked.ExternalID}, meeting.FieldSubject: {asked.Subject}, meeting.FieldTimeZone: {asked.TimeZone},
		meeting.FieldStart: {asked.Start.Format(time.RFC3339)}, meeting.FieldEnd: {asked.End.Format(time.RFC3339)},
	}
	for _, part := range asked.Unasked {
		v.Add(form.FieldProposed, string(part))
	}
	if asked.ThreadID != "" {
		v.Set(meeting.FieldThreadID, asked.ThreadID)
	}
	for _, o := range asked.Options.Chosen() {
		v.Set(string(o), asked.Options.Get(o))
	}
	d.fill(p, v, asked.Attendees)
	return v
}

// fill adds the attendees to the values. If the user may act for another organizer, it also
// adds the organizer.
func (d MeetingData) fill(p Page, v url.Values, invited []meeting.Attendee) {
	if d.CanChange && d.Meeting.Organizer.ID != p.User.ID {
		v.Set(meeting.FieldOrganizer, d.Meeting.Organizer.ObjectID)
	}
	if lines := people.Lines(invited, p.T.Role); lines != "" {
		v.Set(meeting.FieldAttendees, lines)
	}
}

func (d MeetingData) updatePath(a meeting.Attempt) string {
	return paths.With(paths.EditMeeting(d.Meeting.ID), url.Values{"attempt": {strconv.FormatInt(a.ID, 10)}})
}

// mailto returns a mailto link to the organizer. The mail's subject is the ticket or, if
// there is no ticket, the meeting's subject.
func (d MeetingData) mailto() string {
	subject := cmp.Or(d.Meeting.ExternalID, meeting.OneLine(d.Meeting.Subject))
	return "mailto:" + mailtoAddress(d.Meeting.Organizer.UPN) + "?subject=" + mailtoSubject(subject)
}

// teamsLink returns a link to a chat or a call with the organizer (Microsoft: "Deep link to
// a Teams chat", "Deep link to start a call").
func (d MeetingData) teamsLink(what string) string {
	return "https://teams.microsoft.com/l/" + what + "?users=" + queryEscape(d.Meeting.Organizer.UPN)
}
