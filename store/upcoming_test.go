package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
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

// TestUpcomingOfOthers compares the list of a person who made all meetings for others with a
// plain sort, for random times and states. Some of the meetings last longer than 48 hours.
func TestUpcomingOfOthers(t *testing.T) {
	testenv.SkipIfShort(t)
	dir := t.TempDir()
	s := open(t, dir)
	maker, organizer := signIn(t, s, "one").User, signIn(t, s, "two").User
	db := enginetest.Connect(t, dir)
	now := time.Now().UnixMilli()
	type made struct{ id, end int64 }
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(19, seed))
		for _, table := range []string{"meeting_people", "meetings"} {
			_, err := db.Exec(`DELETE FROM ` + table)
			must(t, err)
		}
		var live []made
		for id := range int64(5 + r.IntN(40)) {
			const hour = 3_600_000
			start := now + int64(r.IntN(200)-60)*hour - r.Int64N(hour)
			end := start + 1 + r.Int64N([]int64{hour, 47 * hour, 100 * hour}[r.IntN(3)])
			state := []string{"live", "live", "removed"}[r.IntN(3)]
			_, err := db.Exec(`INSERT INTO meetings (id, organizer_id, maker_id, external_id, state, start_at, end_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1)`,
				id+1, organizer.ID, maker.ID, fmt.Sprint("INC", id), state, start, end)
			must(t, err)
			_, err = db.Exec(`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES ($1, $2, 'maker', 1)`, maker.ID, id+1)
			must(t, err)
			if state == "live" && end > now {
				live = append(live, made{id + 1, end})
			}
		}
		slices.SortFunc(live, func(a, b made) int { return cmp.Compare(a.end, b.end) })
		for _, limit := range []int{1, 3, 10} {
			var want []string
			for _, m := range live[:min(limit, len(live))] {
				want = append(want, fmt.Sprint(m.id))
			}
			list, err := s.Upcoming(t.Context(), maker.ID, limit)
			if got := ids(list); err != nil || got != strings.Join(want, " ") {
				t.Errorf("seed %d, at most %d: %q, %v; want %q", seed, limit, got, err, want)
			}
		}
	}
}
