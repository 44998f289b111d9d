package views_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
	"meetdesk/views/gallery"
)

// TestRowAndMeetingShareAZone checks that the time of an existing meeting and the time that
// its row asked for are both in the reader's zone.
func TestRowAndMeetingShareAZone(t *testing.T) {
	reader := priya
	reader.TimeZone = "Asia/Kolkata"
	row := views.EndedRow{
		Asked:   meeting.Request{Start: gallery.Now.Add(time.Hour), TimeZone: "Europe/Lisbon"},
		Differs: []meeting.Difference{meeting.DifferentStart},
	}
	row.State = meeting.RowFound
	row.Meeting = meeting.TicketMeeting{ID: 7, Organizer: reader, Start: gallery.Now, End: gallery.Now.Add(time.Hour), TimeZone: "Europe/Lisbon"}
	done := meeting.Import{ID: 1, State: meeting.ImportDone}
	cells := parse(t, views.Import(page(t, reader, "", ""), views.ImportData{Import: done, Rows: []views.EndedRow{row}, Zone: time.UTC})).Find("td")
	if cells.Length() != 2 {
		t.Fatalf("%d cells", cells.Length())
	}
	for _, cell := range cells.EachIter() {
		if !strings.Contains(cell.Text(), "Asia/Kolkata") {
			t.Errorf("no time in the reader's zone in %q", cell.Text())
		}
	}
}
