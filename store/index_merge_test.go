package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"meetdesk/meeting"
)

// indexParts are how many parts the full-text index has.
func indexParts(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(DISTINCT segid) FROM meetings_fts_idx`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheIndexIsMerged(t *testing.T) {
	s := ofTwo(t, 1)
	made := 0
	record := func(n int) {
		t.Helper()
		for range n {
			made++
			if _, err := s.Begin(t.Context(), Intention{
				Organizer: meeting.User{ID: 1}, Actor: meeting.User{ID: 1}, Mode: meeting.Delegated, Kind: meeting.KindCreate,
				Asked: meeting.Asked{ExternalID: fmt.Sprintf("MERGE-%d", made), Subject: fmt.Sprintf("merging w%d", made)},
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantAll := func() {
		t.Helper()
		if p, err := s.History(t.Context(), HistoryQuery{Everyone: true, Text: "merging", Limit: 1000}); err != nil || len(p.Rows) != made {
			t.Errorf("%d are found, %v; want %d", len(p.Rows), err, made)
		}
		for _, n := range []int{1, made / 2, made} {
			if p, err := s.History(t.Context(), HistoryQuery{Everyone: true, Text: fmt.Sprintf("w%d", n), Limit: 1000}); err != nil || len(p.Rows) == 0 || p.Rows[len(p.Rows)-1].ExternalID != fmt.Sprintf("MERGE-%d", n) {
				t.Errorf("w%d: %+v, %v", n, p.Rows, err)
			}
		}
	}
	record(50)
	before := indexParts(t, s)
	kept, stop := context.WithCancel(t.Context())
	var keeping sync.WaitGroup
	keeping.Go(func() { s.KeepIndex(kept, 300*time.Millisecond, func(err error) { t.Error(err) }) })
	for range 200 { // somebody is at work all the time
		time.Sleep(2 * time.Millisecond)
		s.changes.Add(1)
	}
	if n := indexParts(t, s); n != before {
		t.Errorf("%d parts became %d while something was recorded", before, n)
	}
	for range 1000 {
		if indexParts(t, s) == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	keeping.Wait()
	after := indexParts(t, s)
	if before < 5 || after != 1 {
		t.Errorf("%d parts became %d", before, after)
	}
	wantAll()
}
