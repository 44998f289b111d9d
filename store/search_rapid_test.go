package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
)

// syntax is what means something to FTS5, to SQL or to a tokenizer, and what the
// rows hold.
var syntax = []string{
	`"`, `'`, "(", ")", "{", "}", ":", "*", "^", "+", "-", ".", ",", "~", "#", "\\", "%", "_", "$1", "?", ";", "--", "\x00", "\xff", "\u0301", "\u200b", "😀", "１", " ", " ", " ", "\n", "a", "é", "ß", "0",
	" AND ", " OR ", " NOT ", " NEAR", "NEAR(", "scope", "external_id", "subject", "organizer", "attendees", "rowid", "u1", "u2", "e0", "printer", "prin", "ana", "INC7", "inc-7", "12-3", "1-23", "@", "contoso.example", "two", "one",
}

// ofTwo is a store with some meetings of two people, of whom the first one's are
// the odd ones, and of all states and origins.
func ofTwo(t *testing.T, n int) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	twoPeople(t, s)
	rows(t, s, 1, n, "'Printer ana'")
	return s
}

func twoPeople(t *testing.T, s *Store) {
	t.Helper()
	mustExec(t, s, `INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, 't', '1', 'one@contoso.example', 'One', 0), (2, 't', '2', 'two@contoso.example', 'Two', 0)`)
}

// rows makes the meetings of these IDs, one a minute, and puts them into the index
// as a migration would; several begin at one moment. subject is an expression on n, the ID.
func rows(t *testing.T, s *Store, first, last int, subject string) {
	t.Helper()
	mustExec(t, s, `WITH RECURSIVE count(n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM count WHERE n < $2)
		INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at)
		SELECT n, 2 - n % 2, 2 - n % 2, 'INC' || n, 'inc' || n, `+subject+`,
			CASE n % 10 WHEN 7 THEN 'failed' WHEN 8 THEN 'unfinished' WHEN 9 THEN 'removed' WHEN 6 THEN 'replaced' ELSE 'live' END,
			CASE n % 10 WHEN 5 THEN 'found' WHEN 4 THEN 'adopted' WHEN 7 THEN NULL WHEN 8 THEN NULL ELSE 'created' END,
			CASE WHEN n % 10 <> 7 THEN (n * n % 101 / 4 * 4 + n / 100) * 60000 END, CASE WHEN n % 10 <> 7 THEN (n * n % 101 / 4 * 4 + n / 100) * 60000 + 1800000 END, n * 60000, n * 60000 FROM count`, first, last)
	mustExec(t, s, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings WHERE id BETWEEN $1 AND $2`, first, last)
	mustExec(t, s, `INSERT`+indexFrom+`WHERE m.id BETWEEN $1 AND $2`, first, last)
}

func mustExec(t *testing.T, s *Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.write.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	s.changes.Add(1)
}

func drawQuery(t *rapid.T) HistoryQuery {
	when := rapid.Map(rapid.Int64Range(-10, 200), func(n int64) (at time.Time) {
		if n >= 0 {
			at = time.UnixMilli(n * 60000)
		}
		return at
	})
	edge := rapid.OneOf(rapid.Int64Range(-3, 130), rapid.SampledFrom([]int64{0, -1 << 63, 1<<63 - 1, 1 << 14, 1<<14 - 1, 1 << 40}))
	return HistoryQuery{
		UserID: rapid.Int64Range(0, 3).Draw(t, "user"), Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(syntax), 0, 14).Draw(t, "text"), ""),
		Filter: Filter{
			State:  rapid.SampledFrom([]StateFilter{"", "", Upcoming, Past, Failed, Unfinished, Removed}).Draw(t, "state"),
			Origin: rapid.SampledFrom([]meeting.Origin{"", "", meeting.Created, meeting.Found, meeting.Adopted}).Draw(t, "origin"),
		},
		Order: rapid.SampledFrom([]Order{ByCreated, ByStart}).Draw(t, "order"), From: when.Draw(t, "from"), To: when.Draw(t, "to"),
		At:   Cursor{Start: edge.Draw(t, "start"), ID: edge.Draw(t, "id")},
		Back: rapid.Bool().Draw(t, "back"), Deep: rapid.Bool().Draw(t, "deep"), Limit: rapid.IntRange(1, 60).Draw(t, "limit"),
	}
}

// Whatever is searched for, in whatever part of the list, is no error, and shows
// nothing that the person may not see.
func TestAnySearchStaysInItsScope(t *testing.T) {
	const all = 60
	s := ofTwo(t, all)
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		q := drawQuery(rt)
		page, err := s.History(ctx, q)
		if err != nil {
			rt.Fatalf("%+v: %v", q, err)
		}
		scrap := search.Recognize(q.Text, people.OnlyAddress)
		hits, err := s.Find(ctx, q, scrap, q.Text)
		if err != nil {
			rt.Fatalf("%+v: %v", scrap, err)
		}
		listed := page.Rows
		for _, h := range hits {
			listed = append(listed, h.Listed)
		}
		for _, m := range listed {
			if whose := 2 - m.ID%2; whose != q.UserID {
				rt.Fatalf("%+v shows %d a meeting of %d: %+v", q, q.UserID, whose, m)
			}
		}
		if len(page.Rows) > q.Limit || len(hits) > q.Limit {
			rt.Fatalf("%+v: %d rows and %d hits", q, len(page.Rows), len(hits))
		}
		c, err := s.HistoryCount(ctx, q)
		n := c.N
		if err != nil || n > all/2 {
			rt.Fatalf("%+v: %d counted, %v", q, n, err)
		}
		exported := 0
		if err := s.Export(ctx, q, nil, func(part []Exported) error { exported += len(part); return nil }); err != nil || exported != n {
			rt.Fatalf("%+v: %d exported of %d, %v", q, exported, n, err)
		}
		q.Everyone = true
		if all, err := s.History(ctx, q); err != nil || len(all.Rows) < len(page.Rows) && len(all.Rows) < q.Limit {
			rt.Fatalf("%+v: everybody's are %d, one's own %d, %v", q, len(all.Rows), len(page.Rows), err)
		}
	})
}

// Every list can be walked to its end and back, whatever it is filtered by: no row
// is lost or comes twice, and the filter holds for each.
func TestAnyListIsWalkedBothWays(t *testing.T) {
	s := ofTwo(t, 110)
	s.now = func() time.Time { return time.UnixMilli(50 * 60000) }
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		q := drawQuery(rt)
		q.Text = rapid.SampledFrom([]string{"", "", "printer", "printer ana"}).Draw(rt, "words")
		q.Everyone, q.Deep, q.At, q.Back, q.Limit = rapid.Bool().Draw(rt, "everyone"), false, Cursor{}, false, rapid.IntRange(1, 20).Draw(rt, "rows")
		whole := q
		whole.Limit = 1000
		all, err := s.History(ctx, whole)
		if err != nil || all.After != (Cursor{}) {
			rt.Fatalf("%+v: %v, ends at %v", whole, err, all.After)
		}
		var there, back []int64
		ids := func(p HistoryPage) (list []int64) {
			for _, m := range p.Rows {
				list = append(list, m.ID)
			}
			return list
		}
		for pages := 0; ; pages++ {
			p, err := s.History(ctx, q)
			if err != nil || pages > 110 {
				rt.Fatalf("%+v: page %d: %v", q, pages, err)
			}
			there = append(there, ids(p)...)
			if p.After == (Cursor{}) && len(all.Rows) == 0 {
				break
			}
			if p.After == (Cursor{}) { // an address kept from when there were more leads behind the end
				q.At = q.Order.cursor(&all.Rows[len(all.Rows)-1])
				if p, err = s.History(ctx, q); err != nil || len(p.Rows) != 0 {
					rt.Fatalf("%+v: %d rows behind the end, %v", q, len(p.Rows), err)
				}
				q.At, q.Back = p.Before, true
				break
			}
			q.At = p.After
		}
		for pages := 0; q.At != (Cursor{}); pages++ {
			p, err := s.History(ctx, q)
			if err != nil || pages > 110 {
				rt.Fatalf("%+v: page %d back: %v", q, pages, err)
			}
			back, q.At = append(ids(p), back...), p.Before
		}
		if want := ids(all); !slices.Equal(there, want) || !slices.Equal(back, want) {
			rt.Fatalf("%+v\nthe list is %d\nthere       %d\nand back    %d", whole, want, there, back)
		}
	})
}
