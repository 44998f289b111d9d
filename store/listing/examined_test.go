package listing

import (
	"slices"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// walk reads all pages of a list. It returns the IDs, the number of pages for which the
// search stopped early, and the total number of pages.
func walk(t *testing.T, l testLists, c Criteria) (ids []int64, stopped, pages int) {
	t.Helper()
	for {
		p, err := l.History(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, idsOf(p.Rows)...)
		if pages++; !p.Examined.IsZero() {
			stopped++
			if p.After == (Cursor{}) {
				t.Fatalf("page %d of %+v stopped at %s and has no next page", pages, c, p.Examined)
			}
		}
		if p.After == (Cursor{}) {
			return ids, stopped, pages
		}
		if pages > 200 || p.After == c.At {
			t.Fatalf("page %d of %+v is followed by %+v", pages, c, p.After)
		}
		c.At = p.After
	}
}

// upTo returns the IDs from first to last in steps of the given size, highest first.
func upTo(first, last, step int64) (ids []int64) {
	for id := first; id <= last; id += step {
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	return ids
}

func TestHowFarAPageExamines(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	const all, old = 41_000, 60
	l := openWithTwo(t, 1)
	l.now = func() time.Time { return time.UnixMilli(1e15) } // all meetings are in the past unless changed below
	l.insert(t, 2, old, "'both alpha beta'")
	l.insert(t, old+1, all, "CASE n / 2 % 2 WHEN 0 THEN 'only alpha' ELSE 'only beta' END")
	l.exec(t, `UPDATE meetings SET state = 'live', end_at = 2000000000000000 WHERE id <= $1`, old)
	at := func(id int64) time.Time { return time.UnixMilli(id * 60000).UTC() }

	t.Run("two common words that only old meetings have together", func(t *testing.T) {
		for _, tt := range []struct {
			everyone bool
			want     []int64
		}{{true, upTo(2, old, 1)}, {false, upTo(3, old, 2)}} {
			c := Criteria{UserID: 1, Everyone: tt.everyone, Text: "alpha beta", Limit: 20}
			first, err := l.History(t.Context(), c)
			if bound := int64(1 << eraShift); err != nil || len(first.Rows) != 0 || !first.Examined.Equal(at(bound)) || first.After != (Cursor{ID: bound}) {
				t.Errorf("the first page has %d rows, stopped at %s and is followed by %+v, %v", len(first.Rows), first.Examined, first.After, err)
			}
			if n, err := l.HistoryCount(t.Context(), c); n != (Count{}) || err != nil {
				t.Errorf("counted %+v, %v; want 0 and maybe more", n, err)
			}
			if ids, stopped, _ := walk(t, l, c); !slices.Equal(ids, tt.want) || stopped != 1 {
				t.Errorf("the pages have %d, and %d stopped early; want %d, 1", ids, stopped, tt.want)
			}
			c.Deep = true
			if ids, stopped, pages := walk(t, l, c); !slices.Equal(ids, tt.want) || stopped != 0 || pages != (len(tt.want)+19)/20 {
				t.Errorf("a deep search has %d on %d pages, of which %d stopped early", ids, pages, stopped)
			}
			c.Deep, c.At, c.Back = false, Cursor{ID: 2}, true // read backwards from the end of the list
			p, err := l.History(t.Context(), c)
			if err != nil || len(p.Rows) != 20 || p.Rows[19].ID != 3 {
				t.Errorf("the page before the last meeting has %d rows, %v", len(p.Rows), err)
			}
			exported := 0
			if err := l.Export(t.Context(), Criteria{UserID: 1, Everyone: tt.everyone, Text: "alpha beta"}, nil, func(part []Exported) error { exported += len(part); return nil }); err != nil || exported != len(tt.want) {
				t.Errorf("exported %d, %v; want %d", exported, err, len(tt.want))
			}
		}
	})
	t.Run("one common word", func(t *testing.T) {
		p, err := l.History(t.Context(), Criteria{Everyone: true, Text: "alpha", Limit: all})
		if err != nil || len(p.Rows) < all/2 || p.Rows[len(p.Rows)-1].ID != 2 || !p.Examined.IsZero() {
			t.Errorf("%d rows, stopped at %s, %v; want all meetings with the word", len(p.Rows), p.Examined, err)
		}
	})
	t.Run("a rare word and a common one", func(t *testing.T) {
		for range 2 { // the second search finds the common word in the cache
			if ids, stopped, pages := walk(t, l, Criteria{Everyone: true, Text: "both alpha", Limit: 100}); len(ids) != old-1 || stopped != 0 || pages != 1 {
				t.Errorf("%d rows on %d pages, of which %d stopped early", len(ids), pages, stopped)
			}
		}
	})
	for _, tt := range []struct {
		name  string
		c     Criteria
		want  []int64
		pages int
	}{
		{"a filter that only old meetings pass", Criteria{Everyone: true, Filter: Filter{State: Upcoming}, Limit: 50}, upTo(1, old, 1), 6},
		{"the same filter on a person's meetings", Criteria{UserID: 1, Filter: Filter{State: Upcoming}, Limit: 50}, upTo(1, old, 2), 3},
		{"a search with that filter", Criteria{Everyone: true, Text: "alpha", Filter: Filter{State: Upcoming}, Limit: 50}, upTo(2, old, 1), 22},
		{"a search with that filter and a range of starts", Criteria{Everyone: true, Text: "alpha", Order: ByStart, Dates: ByStart, To: at(2000), Filter: Filter{State: Upcoming}, Limit: 1000}, upTo(2, old, 1), 21},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.c.Order == ByStart {
				l.exec(t, `UPDATE meetings SET start_at = created_at WHERE id <= $1`, old)
			}
			ids, stopped, pages := walk(t, l, tt.c)
			if !slices.Equal(ids, tt.want) || stopped < 2 || pages != tt.pages {
				t.Errorf("%d on %d pages, of which %d stopped early; want %d on %d", ids, pages, stopped, tt.want, tt.pages)
			}
			tt.c.Deep = true
			if p, err := l.History(t.Context(), tt.c); err != nil || len(p.Rows) != min(len(tt.want), tt.c.Limit) || !p.Examined.IsZero() {
				t.Errorf("a deep page has %d rows and stopped at %s, %v", len(p.Rows), p.Examined, err)
			}
		})
	}
	t.Run("filters with a partial index", func(t *testing.T) {
		l.exec(t, `UPDATE meetings SET state = 'live' WHERE state = 'failed'`)
		l.exec(t, `UPDATE meetings SET origin = 'created' WHERE origin = 'adopted'`)
		l.exec(t, `UPDATE meetings SET state = 'failed', origin = 'adopted' WHERE id = 3`)
		l.exec(t, `DELETE FROM attendees`)
		for _, f := range []Filter{{Origin: meeting.Adopted}, {State: Failed, Origin: meeting.Adopted}} {
			if ids, _, pages := walk(t, l, Criteria{Everyone: true, Filter: f, Limit: 50}); !slices.Equal(ids, []int64{3}) || pages > 3 {
				t.Errorf("%+v: %d on %d pages, want meeting 3", f, ids, pages)
			}
		}
	})
}
