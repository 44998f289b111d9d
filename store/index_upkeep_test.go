package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/listing"
)

// KeepIndex does not merge while meetings are being recorded. Afterwards, it merges all
// segments.
func TestKeepIndexMergesWhenNothingChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const (
			meetings = 50
			quiet    = time.Minute
		)
		s := openNew(t)
		recordSome(t, s, meetings)
		before := indexParts(t, s)
		if before < 5 {
			t.Fatalf("the index has %d parts, want 5 or more to merge", before)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go s.KeepIndex(ctx, quiet, func(err error) { t.Error(err) })
		for range 10 {
			time.Sleep(quiet / 2)
			s.changes.Add(1)
		}
		synctest.Wait()
		if n := indexParts(t, s); n != before {
			t.Errorf("%d parts became %d while lists changed", before, n)
		}
		changes := s.changes.Load()
		time.Sleep(2 * quiet)
		synctest.Wait()
		if n := indexParts(t, s); n != 1 || s.changes.Load() != changes {
			t.Errorf("%d parts became %d, with %d changes to lists; want 1, none", before, n, s.changes.Load()-changes)
		}
		if p, err := s.History(t.Context(), listing.Criteria{Everyone: true, Text: "merging", Limit: 1000}); err != nil || len(p.Rows) != meetings {
			t.Errorf("a search for a word in all meetings finds %d, %v; want %d", len(p.Rows), err, meetings)
		}
		for _, n := range []int{1, meetings / 2, meetings} {
			p, err := s.History(t.Context(), listing.Criteria{Everyone: true, Text: fmt.Sprintf("w%d", n), Limit: 1000})
			if err != nil || len(p.Rows) == 0 || p.Rows[len(p.Rows)-1].ExternalID != fmt.Sprintf("MERGE-%d", n) {
				t.Errorf("a search for w%d finds %+v, %v; want MERGE-%d", n, p.Rows, err, n)
			}
		}
	})
}

// A transaction counts as a change to the lists when it ends, even if it fails. If it
// counted earlier, a list that was read in the meantime would be considered up to date.
func TestChangesCountAtTheEnd(t *testing.T) {
	s := openNew(t)
	for _, want := range []error{nil, errors.New("fails")} {
		before := s.changes.Load()
		err := s.transact(t.Context(), func(*sql.Tx) error {
			if s.changes.Load() != before {
				t.Error("the change counts before it is committed")
			}
			return want
		})
		if !errors.Is(err, want) || s.changes.Load() == before {
			t.Errorf("%v, with %d changes; want %v, and one more than %d", err, s.changes.Load(), want, before)
		}
	}
}

// recordSome records the meetings MERGE-1 to MERGE-n. Each subject contains the word
// "merging" and one of the words w1 to wn.
func recordSome(t *testing.T, s *Store, n int) {
	t.Helper()
	person, err := s.Organizer(t.Context(), meeting.User{TenantID: "t", ObjectID: "one", UPN: "one@contoso.example"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		_, err := s.Begin(t.Context(), Intention{
			Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate,
			Asked: meeting.Asked{ExternalID: fmt.Sprintf("MERGE-%d", i+1), Subject: fmt.Sprintf("merging w%d", i+1)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func indexParts(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(DISTINCT segid) FROM meetings_fts_idx`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
