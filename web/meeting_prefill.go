package web

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/people"
)

// prefilled returns a form that is filled in from the parameters of a deep link. The
// parameters are named after the form's fields. In addition, start and end may be in RFC
// 3339 format, and attendee may be repeated. The default zone is the person's own. If the
// link has no date and no times, the default start is the next full or half hour, and the
// default length is the person's usual one.
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
		f.TimeZone, zone, known = "UTC", time.UTC, true // show the instant in UTC
	}
	if err == nil {
		f.SetStart(start.In(zone))
		if end, err := parseInstant(f.End); err == nil {
			f.SetEnd(start, end.In(zone))
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
			next = later // avoid 23:30, because the meeting would end on the next day
		}
		f.SetStart(next)
		if f.Duration == "" {
			f.FillLength(usualMinutes(person))
		}
		f.ProposeTimes()
	}
	return f
}

func usualMinutes(person meeting.User) int { return cmp.Or(person.Minutes, defaultMinutes) }

// changeForm returns the form for changing a meeting. Fields without a requested change
// contain the meeting's current values.
func changeForm(m meeting.Meeting, asked meeting.Asked, text locale.Printer) form.Form {
	zone := zoneOf(asked.TimeZone)
	if slices.Contains(asked.Unasked, meeting.DifferentStart) {
		zone = zoneOf(m.TimeZone)
	}
	asked = asked.Over(m.Details)
	f := form.Form{
		ExternalID: m.ExternalID, Subject: asked.Subject,
		TimeZone: zone.String(), Attendees: people.Lines(asked.Attendees, text.Role), FormID: newFormID(),
		Options: m.Options,
	}
	for _, o := range asked.Options.Chosen() {
		f.Options = f.Options.With(o, asked.Options.Get(o))
	}
	if !asked.Start.IsZero() && !asked.End.IsZero() { // Graph may omit the times
		f.SetStart(asked.Start.In(zone))
		f.SetEnd(asked.Start, asked.End.In(zone))
	}
	return f
}

// parseInstant parses a time in RFC 3339 format. It accepts a space for '+', because an
// unescaped '+' in a query is decoded as a space.
func parseInstant(text string) (time.Time, error) {
	return time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1))
}

// newFormID returns a random form ID, which identifies repeated submissions of a form.
func newFormID() string { return rand.Text() }
