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

// anotherPath is the form for one more meeting of the ticket on another day, at
// the same time, with the same subject and people: for the same organizer, or for
// the person who cannot change this one. A list too long for an address is left out.
func (d MeetingData) anotherPath(p Page) string {
	v := url.Values{}
	if d.AnotherID != "" {
		v.Set(meeting.FieldExternalID, d.AnotherID)
	}
	for name, value := range timesOf(form.AnotherDay(d.Meeting, d.zone(), d.Now)) {
		v.Set(name, value)
	}
	if d.Meeting.Subject != "" {
		v.Set(meeting.FieldSubject, d.Meeting.Subject)
	}
	if v.Has(meeting.FieldDate) {
		v.Set(meeting.FieldTimeZone, d.zone().String())
	} else if d.Meeting.TimeZone != "" {
		v.Set(meeting.FieldTimeZone, d.Meeting.TimeZone)
	}
	v.Set(form.FieldProposed, form.ProposedAll) // copied, not asked for
	d.fill(p, v, d.Meeting.Attendees)
	return paths.With(paths.NewMeeting, v)
}

// timesOf are a form's fields for when it is, those that are filled in.
func timesOf(f form.Form) map[string]string {
	filled := make(map[string]string)
	for name, value := range map[string]string{
		meeting.FieldDate: f.Date, meeting.FieldStart: f.Start, meeting.FieldEnd: f.End, meeting.FieldEndDate: f.EndDate,
	} {
		if value != "" {
			filled[name] = value
		}
	}
	return filled
}

// againPath is a new form with what the attempt asked for. What nobody typed is a
// proposal there again.
func (d MeetingData) againPath(p Page, asked meeting.Asked) string {
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
	return paths.With(paths.NewMeeting, v)
}

// fill adds the organizer, if it is somebody else for whom the person may act, and
// the people, if they fit. It comes last.
func (d MeetingData) fill(p Page, v url.Values, invited []meeting.Attendee) {
	if d.CanChange && d.Meeting.Organizer.ID != p.User.ID {
		v.Set(meeting.FieldOrganizer, d.Meeting.Organizer.ObjectID)
	}
	if lines := people.Lines(invited); lines != "" && len(lines) < maxQuery {
		v.Set(meeting.FieldAttendees, lines)
	}
	if len(v.Encode()) > maxQuery {
		v.Del(meeting.FieldAttendees)
	}
}

// maxQuery is the longest query in a link to the form, in bytes: nginx refuses a
// request line of more than 8 KB by default.
const maxQuery = 7500

func (d MeetingData) updatePath(a meeting.Attempt) string {
	return paths.With(paths.EditMeeting(d.Meeting.ID), url.Values{"attempt": {strconv.FormatInt(a.ID, 10)}})
}

// mailto is a letter to the organizer about the ticket, or where there is none,
// about what the meeting is called.
func (d MeetingData) mailto() string {
	subject := cmp.Or(d.Meeting.ExternalID, meeting.OneLine(d.Meeting.Subject))
	return "mailto:" + url.PathEscape(d.Meeting.Organizer.UPN) + "?subject=" + mailtoSubject(subject)
}
