package store

import (
	"slices"
	"testing"
	"time"

	"meetdesk/meeting"
)

// pagesUntil follows a list from its first page to its end, and returns its rows and
// how many pages said how far they looked.
func pagesUntil(t *testing.T, s *Store, q HistoryQuery) (ids []int64, looked, pages int) {
	t.Helper()
	for {
		p, err := s.History(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Rows {
			ids = append(ids, m.ID)
		}
		if pages++; !p.Looked.IsZero() {
			looked++
			if p.After == (Cursor{}) {
				t.Fatalf("page %d of %+v looked as far as %s, and leads nowhere", pages, q, p.Looked)
			}
		}
		if p.After == (Cursor{}) {
			return ids, looked, pages
		}
		if pages > 200 || p.After == q.At {
			t.Fatalf("page %d of %+v leads to %+v", pages, q, p.After)
		}
		q.At = p.After
	}
}

// upTo are the IDs from the first to the last, the last first.
func upTo(first, last, step int64) (ids []int64) {
	for id := first; id <= last; id += step {
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	return ids
}

func TestHowFarAListLooked(t *testing.T) {
	const all, old = 41_000, 60
	s := ofTwo(t, 1)
	s.now = func() time.Time { return time.UnixMilli(1e15) } // everything is past, but for what is made upcoming below
	rows(t, s, 2, old, "'both alpha beta'")
	rows(t, s, old+1, all, "CASE n / 2 % 2 WHEN 0 THEN 'only alpha' ELSE 'only beta' END")
	mustExec(t, s, `UPDATE meetings SET state = 'live', end_at = 2000000000000000 WHERE id <= $1`, old)
	at := func(id int64) time.Time { return time.UnixMilli(id * 60000).UTC() }

	t.Run("two common words that meet in old rows alone", func(t *testing.T) {
		for _, tt := range []struct {
			everyone bool
			want     []int64
		}{{true, upTo(2, old, 1)}, {false, upTo(3, old, 2)}} {
			q := HistoryQuery{UserID: 1, Everyone: tt.everyone, Text: "alpha beta", Limit: 20}
			first, err := s.History(t.Context(), q)
			if bound := int64(1 << eraShift); err != nil || len(first.Rows) != 0 || !first.Looked.Equal(at(bound)) || first.After != (Cursor{ID: bound}) {
				t.Errorf("the first page has %d rows, looked to %s and leads to %+v, %v", len(first.Rows), first.Looked, first.After, err)
			}
			if c, err := s.HistoryCount(t.Context(), q); c != (Count{}) || err != nil {
				t.Errorf("counted %+v, %v; want nothing known", c, err)
			}
			if ids, looked, _ := pagesUntil(t, s, q); !slices.Equal(ids, tt.want) || looked != 1 {
				t.Errorf("older pages have %d, and %d looked in vain; want %d", ids, looked, tt.want)
			}
			q.Deep = true
			if ids, looked, pages := pagesUntil(t, s, q); !slices.Equal(ids, tt.want) || looked != 0 || pages != (len(tt.want)+19)/20 {
				t.Errorf("looking everywhere has %d on %d pages, of which %d looked in vain", ids, pages, looked)
			}
			q.Deep, q.At, q.Back = false, Cursor{ID: 2}, true // from the end back
			p, err := s.History(t.Context(), q)
			if err != nil || len(p.Rows) != 20 || p.Rows[19].ID != 3 {
				t.Errorf("back from the end: %d rows, %v", len(p.Rows), err)
			}
			exported := 0
			if err := s.Export(t.Context(), HistoryQuery{UserID: 1, Everyone: tt.everyone, Text: "alpha beta"}, nil, func(part []Exported) error { exported += len(part); return nil }); err != nil || exported != len(tt.want) {
				t.Errorf("%d are exported, %v; want %d", exported, err, len(tt.want))
			}
		}
	})
	t.Run("one common word is looked for everywhere", func(t *testing.T) {
		p, err := s.History(t.Context(), HistoryQuery{Everyone: true, Text: "alpha", Limit: all})
		if err != nil || len(p.Rows) < all/2 || p.Rows[len(p.Rows)-1].ID != 2 || !p.Looked.IsZero() {
			t.Errorf("%d rows, looked to %s, %v", len(p.Rows), p.Looked, err)
		}
	})
	t.Run("a rare word beside a common one", func(t *testing.T) {
		for range 2 { // what the first search learned does not change the second
			if ids, looked, pages := pagesUntil(t, s, HistoryQuery{Everyone: true, Text: "both alpha", Limit: 100}); len(ids) != old-1 || looked != 0 || pages != 1 {
				t.Errorf("%d rows on %d pages, of which %d looked in vain", len(ids), pages, looked)
			}
		}
	})
	for _, tt := range []struct {
		name  string
		q     HistoryQuery
		want  []int64
		pages int
	}{
		{"a filter whose rows are old", HistoryQuery{Everyone: true, Filter: Filter{State: Upcoming}, Limit: 50}, upTo(1, old, 1), 6},
		{"the same, one's own", HistoryQuery{UserID: 1, Filter: Filter{State: Upcoming}, Limit: 50}, upTo(1, old, 2), 3},
		{"a filter in a search", HistoryQuery{Everyone: true, Text: "alpha", Filter: Filter{State: Upcoming}, Limit: 50}, upTo(2, old, 1), 22},
		{"a filter in a search by start", HistoryQuery{Everyone: true, Text: "alpha", Order: ByStart, To: at(2000), Filter: Filter{State: Upcoming}, Limit: 1000}, upTo(2, old, 1), 21},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.q.Order == ByStart {
				mustExec(t, s, `UPDATE meetings SET start_at = created_at WHERE id <= $1`, old)
			}
			ids, looked, pages := pagesUntil(t, s, tt.q)
			if !slices.Equal(ids, tt.want) || looked < 2 || pages != tt.pages {
				t.Errorf("%d on %d pages, of which %d looked in vain; want %d on %d", ids, pages, looked, tt.want, tt.pages)
			}
			tt.q.Deep = true
			if p, err := s.History(t.Context(), tt.q); err != nil || len(p.Rows) != min(len(tt.want), tt.q.Limit) || !p.Looked.IsZero() {
				t.Errorf("looking everywhere gives %d rows and looked to %s, %v", len(p.Rows), p.Looked, err)
			}
		})
	}
	t.Run("the few that have an index of their own", func(t *testing.T) {
		mustExec(t, s, `UPDATE meetings SET state = 'live' WHERE state = 'failed'`)
		mustExec(t, s, `UPDATE meetings SET origin = 'created' WHERE origin = 'adopted'`)
		mustExec(t, s, `UPDATE meetings SET state = 'failed', origin = 'adopted' WHERE id = 3`)
		mustExec(t, s, `DELETE FROM attendees`)
		for _, f := range []Filter{{Origin: meeting.Adopted}, {State: Failed, Origin: meeting.Adopted}} {
			if ids, _, pages := pagesUntil(t, s, HistoryQuery{Everyone: true, Filter: f, Limit: 50}); !slices.Equal(ids, []int64{3}) || pages > 3 {
				t.Errorf("%+v: %d on %d pages", f, ids, pages)
			}
		}
	})
}

func TestCounts(t *testing.T) {
	s := ofTwo(t, 1)
	rows(t, s, 2, 10_000, "'word'")
	count := func(q HistoryQuery, want int, wantAll bool) {
		t.Helper()
		clear(s.counts.known) // rows were made behind the store's back
		if c, err := s.HistoryCount(t.Context(), q); c.N != want || c.All != wantAll || c.More && c.All || err != nil {
			t.Errorf("%+v: %+v, %v; want %d, %v", q, c, err, want, wantAll)
		}
	}
	for _, order := range []Order{ByCreated, ByStart} {
		count(HistoryQuery{Everyone: true, Order: order}, 10_000, true)
		count(HistoryQuery{UserID: 1, Order: order}, 5_000, true)
		count(HistoryQuery{Everyone: true, Order: order, From: time.UnixMilli(9_001 * 60_000)}, map[Order]int{ByCreated: 1_000, ByStart: startedSince(t, s, 9_001*60_000)}[order], true)
	}
	rows(t, s, 10_001, 10_001, "'word'")
	for _, order := range []Order{ByCreated, ByStart} {
		count(HistoryQuery{Everyone: true, Order: order}, 10_000, false)
		count(HistoryQuery{UserID: 1, Order: order}, 5_001, true)
	}
	count(HistoryQuery{Everyone: true, Text: "printer"}, 1, true)
	count(HistoryQuery{Everyone: true, Text: "word"}, 1_000, false)
	mustExec(t, s, `UPDATE meetings SET subject = CASE WHEN id <= 1000 THEN 'thousand' ELSE 'rest' END`)
	mustExec(t, s, `INSERT OR REPLACE`+indexFrom+`WHERE true`)
	count(HistoryQuery{Everyone: true, Text: "thousand"}, 1_000, true)
	count(HistoryQuery{Everyone: true, Text: "rest"}, 1_000, false)
}

// What was counted holds until something is recorded, and that there are more for a
// minute whatever is recorded.
func TestWhatWasCountedIsKept(t *testing.T) {
	s := ofTwo(t, 1)
	rows(t, s, 2, 10_001, "'word'")
	now := time.UnixMilli(1e12)
	s.now = func() time.Time { return now }
	mine, all := HistoryQuery{UserID: 1}, HistoryQuery{Everyone: true}
	count := func(when string, q HistoryQuery, want int, wantMore bool) {
		t.Helper()
		if c, err := s.HistoryCount(t.Context(), q); c.N != want || c.More != wantMore || err != nil {
			t.Errorf("%s: %+v, %v; want %d, %v", when, c, err, want, wantMore)
		}
	}
	count("at first", mine, 5_001, false)
	count("at first", all, 10_000, true)
	if _, err := s.write.Exec(`DELETE FROM meeting_people WHERE meeting_id > 10; DELETE FROM meetings WHERE id > 10`); err != nil {
		t.Fatal(err)
	}
	count("nothing was recorded", mine, 5_001, false)
	count("nothing was recorded", all, 10_000, true)
	s.changes.Add(1)
	count("something was recorded", mine, 5, false)
	count("something was recorded", all, 10_000, true)
	past := HistoryQuery{UserID: 1, Filter: Filter{State: Past}}
	mustExec(t, s, `UPDATE meetings SET state = 'live', end_at = 1e12 + 1000`)
	count("all are to come", past, 0, false)
	now = now.Add(59 * time.Second)
	count("a minute later", past, 5, false)
	count("a minute later", all, 10_000, true)
	now = now.Add(time.Second)
	count("a minute is over", all, 10, false)
}

func startedSince(t *testing.T, s *Store, ms int64) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM meetings WHERE coalesce(start_at, created_at) >= $1`, ms).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
