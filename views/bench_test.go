package views_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/a-h/templ"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// measure renders the page repeatedly into the same buffer, because the server also reuses
// its buffers.
func measure(b *testing.B, page templ.Component) {
	var buf bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		if err := page.Render(context.Background(), &buf); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(buf.Len()), "bytes")
}

func BenchmarkPages(b *testing.B) {
	p := page(b, dana, "History", "/history")
	var rows []views.HistoryRow
	for _, m := range historyRows(50) {
		rows = append(rows, views.HistoryRow{Listed: m.Listed()})
	}
	b.Run("history", func(b *testing.B) {
		measure(b, views.History(p, views.HistoryData{Ask: views.Ask{Whose: views.WhoseAll, MayAll: true}, Rows: rows, Zone: lisbon}))
	})
	b.Run("meeting", func(b *testing.B) {
		m := live(1, "INC1", "Laptop", now, priya)
		d := views.MeetingData{Meeting: m, Zone: lisbon, CanChange: true, Attempts: []meeting.Attempt{attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", call(201, ""))}}
		measure(b, views.Meeting(p, d))
	})
	b.Run("form", func(b *testing.B) {
		d := views.FormData{Form: form.Form{TimeZone: "Europe/Lisbon"}, Zones: meeting.Zones()}
		measure(b, views.MeetingForm(p, d))
	})
}
