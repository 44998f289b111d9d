package web

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/people"
)

// prefilled returns the form that a deep link fills in. The link's parameters have the
// names of the form's fields. The parameters start and end may also be in RFC 3339
// format, and attendee may be repeated. If the link leaves out the time zone or the
// length, the form proposes the one that the person last used. If it leaves out the
// times, the form proposes the next full or half hour.
func prefilled(query url.Values, person meeting.User, now time.Time) form.Form {
	query = validText(query)
	f := form.FromValues(query)
	f.FormID = newFormID()
	if f.TimeZone == "" {
		f.TimeZone = person.TimeZone
	}
	zone, known := meeting.LoadZone(f.TimeZone)
	start, err := parseInstant(f.Start)
	if err == nil && !known {
		f.TimeZone, zone, known = "UTC", time.UTC, true // so that the start remains the same instant if the person chooses a zone later
	}
	if err == nil {
		setStart(&f, start.In(zone))
		if end, err := parseInstant(f.End); err == nil {
			setEnd(&f, start, end.In(zone))
		}
	}
	if lines := query["attendee"]; len(lines) > 0 {
		f.Attendees = strings.TrimLeft(f.Attendees+"\n"+strings.Join(lines, "\n"), "\n")
	}
	if known && f.Date == "" && f.Start != "" {
		f.Date = now.In(zone).Format(time.DateOnly)
	}
	if known && f.Date == "" && f.Start == "" && f.End == "" {
		next := now.In(zone).Truncate(time.Minute)
		next = next.Add(time.Duration(30-next.Minute()%30) * time.Minute)
		if later := next.Add(30 * time.Minute); later.Day() != next.Day() {
			next = later // do not propose a meeting that crosses midnight
		}
		setStart(&f, next)
		if f.Duration == "" {
			setEnd(&f, next, next.Add(time.Duration(cmp.Or(person.Minutes, defaultMinutes))*time.Minute))
		}
		f.ProposeTimes()
	}
	f.ProposeNamed(query[form.FieldProposed])
	return f
}

// changeForm returns the form for changing a meeting, filled in with what was asked for.
// Fields that nobody asked to change contain the meeting's current values.
func changeForm(m meeting.Meeting, asked meeting.Asked) form.Form {
	zone := zoneOf(asked.TimeZone)
	if slices.Contains(asked.Unasked, meeting.DifferentStart) {
		zone = zoneOf(m.TimeZone)
	}
	asked = asked.Over(m.Details)
	f := form.Form{
		ExternalID: m.ExternalID, Subject: asked.Subject,
		TimeZone: zone.String(), Attendees: people.Lines(asked.Attendees), FormID: newFormID(),
		Options: m.Options,
	}
	for _, o := range asked.Options.Chosen() {
		f.Options = f.Options.With(o, asked.Options.Get(o))
	}
	if !asked.Start.IsZero() && !asked.End.IsZero() { // Graph may not have returned the times
		setStart(&f, asked.Start.In(zone))
		setEnd(&f, asked.Start, asked.End.In(zone))
	}
	return f
}

// parseInstant parses a time in RFC 3339 format. It reads a space as '+', because a '+'
// that was not escaped in the query arrives as a space.
func parseInstant(text string) (time.Time, error) {
	return time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1))
}

// setStart fills in the date and the start. If the clocks go back and this time of day
// occurs twice, it also fills in which of the two is meant.
func setStart(f *form.Form, start time.Time) {
	f.Date, f.Start = start.Format(time.DateOnly), start.Format(clockLayout)
	if same := meeting.Instants(start, start.Location()); len(same) == 2 {
		f.Fold = form.FoldFirst
		if !start.Before(same[1]) {
			f.Fold = form.FoldSecond
		}
	}
}

// setEnd fills in the end, and the end's date if it differs from that of the start. When
// a time of day occurs twice, one field of the form says which of the two is meant, both
// for the start and for the end. If start and end need different values in that field,
// setEnd fills in the length instead of the end.
func setEnd(f *form.Form, start, end time.Time) {
	var asStart form.Form
	setStart(&asStart, end)
	if asStart.Fold != "" && asStart.Fold != f.Fold {
		f.End, f.Duration = "", strconv.Itoa(int(end.Sub(start)/time.Minute))
		return
	}
	f.End = asStart.Start
	if asStart.Date != f.Date {
		f.EndDate = asStart.Date
	}
}

// newFormID returns a random ID for a form. The ID lets the desk recognize a form that is
// sent twice.
func newFormID() string { return rand.Text() }
