package views

import (
	"bytes"
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

// Calendar returns the meeting as a calendar file (RFC 5545). The method is PUBLISH (RFC
// 5546, 3.2.1). For a removed or replaced meeting, it is CANCEL (3.2.5), and the file does
// not contain the link. The meeting must have a start.
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
	subject := headline(p, m)
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

// CalendarMethod returns the METHOD of the meeting's calendar file. The Content-Type header
// must contain the same method.
func CalendarMethod(m meeting.Meeting) string {
	if m.State.Withdrawn() {
		return "CANCEL"
	}
	return "PUBLISH"
}

// setTimes sets the start and the end. It omits an end that is not after the start (RFC
// 5545, 3.8.2.2).
func setTimes(event *ical.Event, m meeting.Meeting) {
	start, end := m.Start.UTC().Truncate(time.Second), m.End.UTC().Truncate(time.Second)
	event.Props.SetDateTime(ical.PropDateTimeStart, start)
	if !m.End.IsZero() && end.After(start) {
		event.Props.SetDateTime(ical.PropDateTimeEnd, end)
	}
}

// calendarUID returns a UID that does not depend on the host or the database.
func calendarUID(m meeting.Meeting) string {
	name := strings.Join([]string{"meetdesk", m.Organizer.TenantID, m.Organizer.ObjectID, m.GraphID}, "\n")
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}

// setLink adds the join link to the properties in which calendar programs look for it.
func setLink(event *ical.Event, link string) {
	event.Props.SetText(ical.PropLocation, link)
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		event.Props.SetURI(ical.PropURL, u)
	}
}

// setOrganizer adds the organizer, which PUBLISH and CANCEL both require. It adds nothing
// if neither the UPN nor the object ID is known. In the name, it replaces quotation marks,
// which a parameter must not contain, and backslashes, which some parsers treat as escapes.
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

// maxLine is the maximum length in bytes of a line in a calendar file, without its line
// break (RFC 5545, 3.1).
const maxLine = 75

// fold breaks long lines between characters (RFC 5545, 3.1). A continuation line begins
// with a space.
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
