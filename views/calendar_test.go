package views_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/views"
)

// TestCalendarFileOfAnyMeeting checks that the calendar files of random meetings are valid
// and have no lines of more than 75 bytes.
func TestCalendarFileOfAnyMeeting(t *testing.T) {
	p, zones := english(t), meeting.Zones()
	line := rapid.OneOf(rapid.StringN(0, 255, -1), rapid.StringMatching(`[\\;,:"'nN^=\r\n\t A-Z]{0,255}`), rapid.StringMatching("[é📅\u0301\u200d\u202eא]{0,255}"))
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(946_684_800, 7_258_118_400).Draw(t, "start"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		m := live(rapid.Int64Range(1, 1<<40).Draw(t, "id"), "INC0012345", line.Draw(t, "subject"), start, priya)
		m.Organizer.Name = line.Draw(t, "name")
		m.Passcode, m.JoinMeetingID = line.Draw(t, "passcode"), line.Draw(t, "meeting ID")
		m.JoinURL = "https://teams.example/" + line.Draw(t, "link")
		m.State = rapid.SampledFrom([]meeting.State{meeting.Live, meeting.Removed, meeting.Replaced}).Draw(t, "state")
		m.Version, m.UpdatedAt = rapid.IntRange(0, 1<<30).Draw(t, "version"), start.Add(-time.Hour)
		m.End = start.Add(time.Duration(rapid.Int64Range(-1, int64(meeting.MaxDuration)).Draw(t, "length")))
		if rapid.Bool().Draw(t, "no end") {
			m.End = time.Time{}
		}
		zone, _ := meeting.LoadZone(rapid.SampledFrom(zones).Draw(t, "zone"))
		file, err := views.Calendar(p, m, zone, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range strings.Split(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
			if len(one) > 75 || len(one) == 0 || !utf8.ValidString(one) || strings.ContainsAny(one, "\r\n") {
				t.Fatalf("%d bytes in the line %q", len(one), one)
			}
		}
		calendar, err := ics.ParseCalendar(bytes.NewReader(file))
		if err != nil || len(calendar.Events()) != 1 {
			t.Fatalf("%v in\n%s", err, file)
		}
		event := calendar.Events()[0]
		value := func(name ics.ComponentProperty) string {
			if property := event.GetProperty(name); property != nil {
				return property.Value
			}
			return ""
		}
		subject := "INC0012345"
		if own := meeting.OneLine(m.Subject); own != "" {
			subject += ": " + own
		}
		if m.State != meeting.Live {
			subject = "Cancelled: " + subject
		}
		if got := value(ics.ComponentPropertySummary); got != subject {
			t.Fatalf("the summary is %q, want %q", got, subject)
		}
		const format = "20060102T150405Z"
		from, to := value(ics.ComponentPropertyDtStart), value(ics.ComponentPropertyDtEnd)
		if from != m.Start.UTC().Format(format) || to != "" && (to <= from || to != m.End.UTC().Format(format)) || to == "" && m.End.Sub(m.Start) > time.Second {
			t.Fatalf("%v to %v is %s to %s", m.Start, m.End, from, to)
		}
		if value(ics.ComponentPropertyUniqueId) == "" || value(ics.ComponentPropertySequence) == "" || value(ics.ComponentPropertyOrganizer) != "mailto:"+priya.UPN {
			t.Fatalf("it lacks something:\n%s", file)
		}
	})
}
