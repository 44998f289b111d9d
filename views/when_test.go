package views_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

func TestTimesAreInTheReadersZone(t *testing.T) {
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ name, reader, own, want string }{
		{"the same zone", "Europe/Lisbon", "Europe/Lisbon", "Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon (UTC+00:00)"},
		{"the clocks agree", "Europe/Lisbon", "UTC", "Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon (UTC+00:00)"},
		{"the clocks differ", "America/Sao_Paulo", "Asia/Kolkata", "Wed 3 Mar 2027, 07:00–07:30 America/Sao_Paulo (UTC−03:00) · 15:30–16:00 Asia/Kolkata"},
		{"no reader's zone", "", "Asia/Kolkata", "Wed 3 Mar 2027, 15:30–16:00 Asia/Kolkata (UTC+05:30)"},
		{"unknown zone of the meeting", "Europe/Lisbon", "Mars/Olympus", "Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon (UTC+00:00)"},
		{"no zone", "", "", "Wed 3 Mar 2027, 10:00–10:30 UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reader := priya
			reader.TimeZone = tt.reader
			m := meeting.Meeting{Details: meeting.Details{Start: start, End: start.Add(30 * time.Minute)}, TimeZone: tt.own}
			html := render(t, views.Remove(page(t, reader, "", ""), views.RemoveData{Meeting: m}))
			if !strings.Contains(html, `<p class="hint">`+tt.want+"</p>") {
				t.Errorf("want %q in:\n%s", tt.want, html)
			}
		})
	}
}
