package desk

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
)

// dated returns a call at the given time, with a response whose date is ahead by the given
// skew.
func dated(at time.Time, skew time.Duration) meeting.Call {
	return meeting.Call{StartedAt: at, Status: 200, Date: at.Add(skew).UTC().Format(http.TimeFormat)}
}

func TestSkew(t *testing.T) {
	var log strings.Builder
	d := &Desk{Log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, tt := range []struct {
		name  string
		calls []meeting.Call
		want  time.Duration
		known bool
		warns int // the number of warnings that have been logged so far
	}{
		{"no call", nil, 0, false, 0},
		{"no response", []meeting.Call{{StartedAt: tenOClock}}, 0, false, 0},
		{"the same clock", []meeting.Call{dated(tenOClock, 0)}, 0, true, 0},
		{"a few seconds", []meeting.Call{dated(tenOClock, 6*time.Second)}, 0, true, 0},
		{"an hour behind", []meeting.Call{dated(tenOClock, -time.Hour)}, -time.Hour, true, 1},
		{"the date of an error document", []meeting.Call{{StartedAt: tenOClock, Date: tenOClock.Add(-time.Hour).UTC().Format("2006-01-02T15:04:05")}}, -time.Hour, true, 1},
		{"a response without a date", []meeting.Call{{StartedAt: tenOClock, Date: "today"}}, -time.Hour, true, 1},
		{"a minute ahead", []meeting.Call{dated(tenOClock, -time.Hour), dated(tenOClock, time.Minute)}, time.Minute, true, 1},
		{"corrected", []meeting.Call{dated(tenOClock, 0)}, 0, true, 1},
		{"wrong once more", []meeting.Call{dated(tenOClock, time.Hour)}, time.Hour, true, 2},
	} {
		d.noteSkew(t.Context(), tt.calls)
		if got, known := d.Skew(); got != tt.want || known != tt.known {
			t.Errorf("%s: %v, known %v, want %v, known %v", tt.name, got, known, tt.want, tt.known)
		}
		if got := strings.Count(log.String(), "level=WARN"); got != tt.warns {
			t.Errorf("%s: %d warnings, want %d", tt.name, got, tt.warns)
		}
	}
}
