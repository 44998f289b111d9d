package views

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/uuid"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// Calendar returns the meeting as a calendar file (RFC 5545) that whoever imports it
// again is updated by. RFC 5546 has METHOD:PUBLISH for that, with an organizer and without
// attendees (3.2.1), and METHOD:CANCEL for one that was removed or replaced (3.2.5),
// without its link. The meeting must have a start.
func Calendar(p locale.Printer, m meeting.Meeting, zone *time.Location, now time.Time) ([]byte, error) {
	event := ical.NewEvent()
	event.Props.SetText(ical.PropUID, calendarUID(m))
	sequence := ical.NewProp(ical.PropSequence)
	sequence.Value = strconv.Itoa(m.Version)
	event.Props.Set(sequence)
	event.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	if !m.UpdatedAt.IsZero() {
		event.Props.SetDateTime(ical.PropLastModified, m.UpdatedAt.UTC())
	}
	setTimes(event, m)
	subject := cmp.Or(meeting.OneLine(m.Subject), p.T("invitation.title"))
	if m.State.Withdrawn() {
		event.SetStatus(ical.EventCancelled)
		event.Props.SetText(ical.PropSummary, p.T("calendar.cancelled", meeting.Args{"Subject": subject}))
		event.Props.SetText(ical.PropDescription, p.T("calendar.cancelled."+string(m.State)))
	} else {
		event.SetStatus(ical.EventConfirmed)
		event.Props.SetText(ical.PropSummary, subject)
		event.Props.SetText(ical.PropDescription, InvitationText(p, m, zone))
		setLink(event, meeting.OneLine(m.JoinURL))
	}
	setOrganizer(event, m.Organizer)

	calendar := ical.NewCalendar()
	calendar.Props.SetText(ical.PropVersion, "2.0")
	calendar.Props.SetText(ical.PropProductID, "-//meetdesk//meetdesk//EN")
	calendar.Props.SetText(ical.PropMethod, CalendarMethod(m))
	calendar.Children = append(calendar.Children, event.Component)
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(calendar); err != nil {
		return nil, fmt.Errorf("calendar file of meeting %d: %w", m.ID, err)
	}
	return fold(b.Bytes()), nil
}

// CalendarMethod returns what the meeting's calendar file does, which the file says
// and its media type repeats.
func CalendarMethod(m meeting.Meeting) string {
	if m.State.Withdrawn() {
		return "CANCEL"
	}
	return "PUBLISH"
}

// setTimes sets start and end. An end must be later than the start (RFC 5545, 3.8.2.2):
// without one the event ends as it starts.
func setTimes(event *ical.Event, m meeting.Meeting) {
	start, end := m.Start.UTC().Truncate(time.Second), m.End.UTC().Truncate(time.Second)
	event.Props.SetDateTime(ical.PropDateTimeStart, start)
	if !m.End.IsZero() && end.After(start) {
		event.Props.SetDateTime(ical.PropDateTimeEnd, end)
	}
}

// calendarUID is the same for a meeting for good, on whatever host and in
// whatever database: it is made of what makes it one meeting to Microsoft.
func calendarUID(m meeting.Meeting) string {
	name := strings.Join([]string{"meetdesk", m.Organizer.TenantID, m.Organizer.ObjectID, m.GraphID}, "\n")
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}

// setLink puts the join link where calendars show it.
func setLink(event *ical.Event, link string) {
	event.Props.SetText(ical.PropLocation, link)
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		event.Props.SetURI(ical.PropURL, u)
	}
}

// setOrganizer names the organizer, whom both methods require: by address, or by object
// ID if no address is known. The name is a parameter, where a quotation mark cannot be
// written, some parsers take a backslash for an escape, and the library does not check
// for line breaks.
func setOrganizer(event *ical.Event, organizer meeting.User) {
	prop := ical.NewProp(ical.PropOrganizer)
	switch {
	case organizer.UPN != "":
		prop.Value = "mailto:" + url.PathEscape(organizer.UPN)
	case organizer.ObjectID != "":
		prop.Value = "urn:uuid:" + url.PathEscape(organizer.ObjectID)
	default:
		return
	}
	if name := strings.NewReplacer(`"`, "'", `\`, "/").Replace(meeting.OneLine(organizer.DisplayName())); name != "" {
		prop.Params.Set(ical.ParamCommonName, name)
	}
	event.Props.Set(prop)
}

// maxLine is the longest line of a calendar file in bytes, its end not counted
// (RFC 5545, 3.1).
const maxLine = 75

// fold breaks long lines. A continuation begins with a space. A character is never
// split.
func fold(text []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		line, room := bytes.TrimSuffix(line, []byte("\r\n")), maxLine
		for len(line) > room {
			cut := room
			for !utf8.RuneStart(line[cut]) && cut > room-utf8.UTFMax {
				cut--
			}
			b.Write(line[:cut])
			b.WriteString("\r\n ")
			line, room = line[cut:], maxLine-1
		}
		b.Write(line)
		b.WriteString("\r\n")
	}
	return b.Bytes()
}
