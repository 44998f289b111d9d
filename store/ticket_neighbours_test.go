package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestTicketNeighbours(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	one, two := signIn(t, s, "one").User, signIn(t, s, "two").User
	day := func(n int) time.Time { return time.Date(2027, 3, n, 10, 0, 0, 0, time.UTC) }
	// The start times, in order of meeting ID. Meetings 3 and 4 start at the same time, and
	// 8 and 9 have no start.
	for i, start := range []time.Time{day(5), day(2), day(3), day(3), day(1), day(4), day(6), {}, {}} {
		person, id := one, fmt.Sprint("INC1~", i+2)
		if i%3 == 0 {
			person, id = two, fmt.Sprint("inc-1~", i+2) // the same ticket, spelled differently
		}
		finished(t, s, person, id, meeting.Details{GraphID: fmt.Sprint(i), ExternalID: id, Start: start, End: start})
	}
	finished(t, s, one, "INC2", meeting.Details{GraphID: "other", ExternalID: "INC2", Start: day(3)})
	finished(t, s, one, "X", meeting.Details{GraphID: "none", Start: day(3)})
	if err := behind(t, dir, `UPDATE meetings SET external_id = NULL, ticket_key = NULL WHERE id = 11`); err != nil { // as if the meeting had been adopted without an external ID
		t.Fatal(err)
	}
	for _, tt := range []struct {
		of, person    int64
		before, after string
	}{
		{4, 0, "5 2 3", "6 1 7"},
		{3, 0, "5 2", "4 6 1"},
		{5, 0, "", "2 3 4"},
		{1, 0, "3 4 6", "7 8 9"},
		{8, 0, "6 1 7", "9"},
		{9, 0, "1 7 8", ""},
		{4, one.ID, "5 2 3", "6 8 9"}, // other people's meetings are skipped
		{4, two.ID, "", "1 7"},
		{10, 0, "", ""},
		{11, 0, "", ""},
	} {
		m, err := s.Meeting(ctx, tt.of)
		if err != nil {
			t.Fatal(err)
		}
		before, after, err := s.TicketNeighbours(ctx, m, tt.person)
		if got := ids(before); err != nil || got != tt.before {
			t.Errorf("before meeting %d, for user %d: %q, %v; want %q", tt.of, tt.person, got, err, tt.before)
		}
		if got := ids(after); got != tt.after {
			t.Errorf("after meeting %d, for user %d: %q, want %q", tt.of, tt.person, got, tt.after)
		}
	}
}

// A ticket is shared if another meeting has it, or if an import may still create one for it.
func TestSharesTicket(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	one := signIn(t, s, "one")
	var list []meeting.Meeting
	for _, externalID := range []string{"INC1", "INC2", "inc-2~2", "INC3", "X"} {
		id := finished(t, s, one.User, externalID, meeting.Details{GraphID: externalID, ExternalID: externalID})
		m, err := s.Meeting(t.Context(), id)
		must(t, err)
		list = append(list, m)
	}
	planned := meeting.ImportRow{Number: 2, Position: 1, ExternalID: "INC3~2", State: meeting.RowWaiting}
	id, err := s.AddImport(t.Context(), meeting.Import{User: one.User}, []meeting.ImportRow{planned})
	must(t, err)
	must(t, s.StartImport(t.Context(), id, one.GrantID, []meeting.ImportRow{planned}))
	for i, want := range []bool{false, true, true, true, false} {
		if got, err := s.SharesTicket(t.Context(), list[i]); err != nil || got != want {
			t.Errorf("%s shares its ticket: %v, %v; want %v", list[i].ExternalID, got, err, want)
		}
	}
}

func ids(list []meeting.Meeting) string {
	var ids []string
	for _, m := range list {
		ids = append(ids, fmt.Sprint(m.ID))
	}
	return strings.Join(ids, " ")
}
