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

// prefilled reads a deep link: the form's own names, where start and end may
// also be RFC 3339 and attendee may repeat. What the link leaves open is
// proposed: the zone and the length the person used last, today, the next half hour.
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
		f.TimeZone, zone, known = "UTC", time.UTC, true // a moment must not move when a zone is chosen later
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
			next = later // midnight: a proposal stays within one day
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

// changeForm is the form for changing a meeting to what was asked for. Parts that
// nobody asked for are as they are.
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
	if !asked.Start.IsZero() && !asked.End.IsZero() { // Graph may have given none
		setStart(&f, asked.Start.In(zone))
		setEnd(&f, asked.Start, asked.End.In(zone))
	}
	return f
}

// parseInstant reads RFC 3339. A '+' that a link left unescaped arrives as a space.
func parseInstant(text string) (time.Time, error) {
	return time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1))
}

// setStart fills in date, start and, where that time exists twice, which is meant.
func setStart(f *form.Form, start time.Time) {
	f.Date, f.Start = start.Format(time.DateOnly), start.Format(clock)
	if same := meeting.Instants(start, start.Location()); len(same) == 2 {
		f.Fold = form.FoldFirst
		if !start.Before(same[1]) {
			f.Fold = form.FoldSecond
		}
	}
}

// setEnd fills in the end, and its date where that is another than the start's.
// Across the hour that comes twice, where one answer to "which?" could not be
// right for both times, it fills in the length instead.
func setEnd(f *form.Form, start, end time.Time) {
	var meant form.Form
	setStart(&meant, end)
	if meant.Fold != "" && meant.Fold != f.Fold {
		f.End, f.Duration = "", strconv.Itoa(int(end.Sub(start)/time.Minute))
		return
	}
	f.End = meant.Start
	if meant.Date != f.Date {
		f.EndDate = meant.Date
	}
}

func newFormID() string { return rand.Text() }
