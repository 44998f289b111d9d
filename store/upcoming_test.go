package store_test

import (
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
)

// A user's own meetings and the meetings handed over to them count toward the same limit.
func TestUpcoming(t *testing.T) {
	s := open(t, t.TempDir())
	one, two := signIn(t, s, "one").User, signIn(t, s, "two").User
	record := func(organizer meeting.User, days int) int64 {
		end := time.Now().AddDate(0, 0, days)
		id := fmt.Sprintf("INC%d-%d", organizer.ID, days)
		return finished(t, s, organizer, id, meeting.Details{GraphID: id, ExternalID: id, Start: end.Add(-time.Hour), End: end})
	}
	for _, days := range []int{9, 3, 7, -1, 5, 1} { // meetings 1 to 6
		record(one, days)
	}
	for _, days := range []int{2, 8, 4} { // meetings 7 to 9
		id := record(two, days)
		if days == 4 {
			continue
		}
		if err := s.HandOver(t.Context(), id, one.ID, meeting.TicketKey(fmt.Sprintf("INC%d-%d", two.ID, days))); err != nil {
			t.Fatal(err)
		}
	}
	check := func(wants map[int]string) {
		t.Helper()
		for limit, want := range wants {
			list, err := s.Upcoming(t.Context(), one.ID, limit)
			if got := ids(list); err != nil || got != want {
				t.Errorf("at most %d: %q, %v; want %q", limit, got, err, want)
			}
		}
	}
	check(map[int]string{1: "6", 2: "6 7", 3: "6 7 2", 5: "6 7 2 5 3", 100: "6 7 2 5 3 8 1"})

	// Graph reports other times for meetings that were handed over.
	for id, days := range map[string]int{"INC2-8": 4, "INC2-2": -1} {
		end := time.Now().AddDate(0, 0, days)
		finished(t, s, two, id, meeting.Details{GraphID: id, ExternalID: id, Start: end.Add(-time.Hour), End: end})
	}
	check(map[int]string{1: "6", 2: "6 2", 3: "6 2 8", 100: "6 2 8 5 3 1"})

	// One of them began a week ago.
	end := time.Now().AddDate(0, 0, 2)
	finished(t, s, two, "INC2-8", meeting.Details{GraphID: "INC2-8", ExternalID: "INC2-8", Start: end.AddDate(0, 0, -9), End: end})
	check(map[int]string{1: "6", 2: "6 8", 3: "6 8 2", 100: "6 8 2 5 3 1"})
}
