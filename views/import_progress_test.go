package views_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

// TestRateOfAnImport checks that the rate and the time left are shown only after the rate
// has been measured for long enough, and that they are based on the time that has actually
// passed.
func TestRateOfAnImport(t *testing.T) {
	for _, tt := range []struct {
		name         string
		recent, left int
		over         time.Duration
		wait         int
		want         string // the rate and the time left
	}{
		{name: "just started", recent: 40, left: 400, over: 2 * time.Second},
		{name: "few rows", recent: 4, left: 400, over: 10 * time.Second},
		{name: "ten seconds", recent: 40, left: 400, over: 10 * time.Second, want: "240 rows a minute, About 2 minutes"},
		{name: "exact minutes", recent: 40, left: 480, over: 10 * time.Second, want: "240 rows a minute, About 2 minutes"},
		{name: "half a minute", recent: 40, left: 400, over: 30 * time.Second, want: "80 rows a minute, About 5 minutes"},
		{name: "soon done", recent: 40, left: 20, over: 30 * time.Second, want: "80 rows a minute, Less than a minute"},
		{name: "slow", recent: 1, left: 10, over: 30 * time.Second, want: "2 rows a minute, About 5 minutes"},
		{name: "stuck", left: 10, over: 30 * time.Second, want: "0 rows a minute"},
		{name: "waiting", recent: 40, left: 40, over: 30 * time.Second, wait: 600, want: "80 rows a minute, About 11 minutes"},
	} {
		i := meeting.Import{ID: 1, State: meeting.ImportRunning, Counts: meeting.ImportCounts{Rows: 1000, Created: 1000 - tt.left, Waiting: tt.left, Recent: tt.recent, Recently: tt.over}}
		doc := parse(t, views.Import(page(t, priya, "", ""), views.ImportData{Import: i, Wait: tt.wait, Zone: time.UTC}))
		var got []string
		for _, name := range []string{"Rate", "Time left"} {
			if value := strings.TrimSpace(doc.Find(`dt:contains("` + name + `") + dd`).Text()); value != "" {
				got = append(got, value)
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
