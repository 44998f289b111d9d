package listing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
)

// syntax contains strings with a special meaning in FTS5, SQL or a tokenizer, and words
// that occur in the meetings.
var syntax = []string{
	`"`, `'`, "(", ")", "{", "}", ":", "*", "^", "+", "-", ".", ",", "~", "#", "\\", "%", "_", "$1", "?", ";", "--", "\x00", "\xff", "\u0301", "\u200b", "😀", "１", " ", " ", " ", "\n", "a", "é", "ß", "0",
	" AND ", " OR ", " NOT ", " NEAR", "NEAR(", "scope", "external_id", "subject", "organizer", "attendees", "rowid", "u1", "u2", "e0", "printer", "prin", "ana", "INC7", "inc-7", "12-3", "1-23", "@", "contoso.example", "two", "one",
}

// drawCriteria draws random criteria for person 1, person 2, a person without meetings, or
// user ID 0.
func drawCriteria(t *rapid.T) Criteria {
	when := rapid.Map(rapid.Int64Range(-10, 200), func(n int64) (at time.Time) {
		if n >= 0 {
			at = time.UnixMilli(n * 60000)
		}
		return at
	})
	edge := rapid.OneOf(rapid.Int64Range(-3, 130), rapid.SampledFrom([]int64{0, -1 << 63, 1<<63 - 1, 1 << 14, 1<<14 - 1, 1 << 40}))
	c := Criteria{
		UserID: rapid.Int64Range(0, 3).Draw(t, "user"), Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(syntax), 0, 14).Draw(t, "text"), ""),
		Filter: Filter{
			State:  rapid.SampledFrom([]State{"", "", Upcoming, Past, Failed, Unfinished, Removed}).Draw(t, "state"),
			Origin: rapid.SampledFrom([]meeting.Origin{"", "", meeting.Created, meeting.Found, meeting.Adopted}).Draw(t, "origin"),
		},
		Order: rapid.SampledFrom([]Order{ByCreated, ByStart}).Draw(t, "order"), From: when.Draw(t, "from"), To: when.Draw(t, "to"),
		Dates: rapid.SampledFrom([]Order{ByCreated, ByStart}).Draw(t, "dates"), Soonest: rapid.Bool().Draw(t, "soonest"),
		At:   Cursor{Start: edge.Draw(t, "start"), ID: edge.Draw(t, "id")},
		Back: rapid.Bool().Draw(t, "back"), Deep: rapid.Bool().Draw(t, "deep"), Limit: rapid.IntRange(1, 60).Draw(t, "limit"),
	}
	c.EachWord = c.Order == ByStart && rapid.Bool().Draw(t, "each word")
	return c
}

// No search text causes an error or reveals a meeting that the person may not see.
func TestAnySearchStaysInItsScope(t *testing.T) {
	const all = 60
	l := openWithTwo(t, all)
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCriteria(rt)
		page, err := l.History(ctx, c)
		if err != nil {
			rt.Fatalf("%+v: %v", c, err)
		}
		input := search.Recognize(c.Text, people.OnlyAddress)
		hits, err := l.Find(ctx, c, input, c.Text)
		if err != nil {
			rt.Fatalf("%+v: %v", input, err)
		}
		listed := page.Rows
		for _, h := range hits {
			listed = append(listed, h.Listed)
		}
		for _, m := range listed {
			if organizer := 2 - m.ID%2; organizer != c.UserID {
				rt.Fatalf("%+v shows user %d a meeting of user %d: %+v", c, c.UserID, organizer, m)
			}
		}
		if len(page.Rows) > c.Limit || len(hits) > c.Limit {
			rt.Fatalf("%+v: %d rows and %d hits", c, len(page.Rows), len(hits))
		}
		n, err := l.HistoryCount(ctx, c)
		if err != nil || n.N > all/2 {
			rt.Fatalf("%+v: counted %d, %v", c, n.N, err)
		}
		exported := 0
		if err := l.Export(ctx, c, nil, func(part []Exported) error { exported += len(part); return nil }); err != nil || exported != n.N {
			rt.Fatalf("%+v: exported %d of %d, %v", c, exported, n.N, err)
		}
		c.Everyone = true
		if all, err := l.History(ctx, c); err != nil || len(all.Rows) < len(page.Rows) && len(all.Rows) < c.Limit {
			rt.Fatalf("%+v: %d meetings of everybody, but %d of the person, %v", c, len(all.Rows), len(page.Rows), err)
		}
	})
}

// Reading a list page by page, forwards or backwards, neither skips nor repeats a row.
func TestAnyListIsWalkedBothWays(t *testing.T) {
	l := openWithTwo(t, 110)
	l.now = func() time.Time { return time.UnixMilli(50 * 60000) }
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCriteria(rt)
		c.Text = rapid.SampledFrom([]string{"", "", "printer", "printer ana"}).Draw(rt, "words")
		c.Everyone, c.Deep, c.At, c.Back, c.Limit = rapid.Bool().Draw(rt, "everyone"), false, Cursor{}, false, rapid.IntRange(1, 20).Draw(rt, "rows")
		whole := c
		whole.Limit = 1000
		all, err := l.History(ctx, whole)
		if err != nil || all.After != (Cursor{}) {
			rt.Fatalf("%+v: %v, ends at %v", whole, err, all.After)
		}
		var forward, back []int64
		for pages := 0; ; pages++ {
			p, err := l.History(ctx, c)
			if err != nil || pages > 110 {
				rt.Fatalf("%+v: page %d: %v", c, pages, err)
			}
			forward = append(forward, idsOf(p.Rows)...)
			if p.After == (Cursor{}) && len(all.Rows) == 0 {
				break
			}
			if p.After == (Cursor{}) { // an old link may point beyond the end of the list
				c.At = c.Order.cursor(&all.Rows[len(all.Rows)-1])
				if p, err = l.History(ctx, c); err != nil || len(p.Rows) != 0 {
					rt.Fatalf("%+v: %d rows behind the end, %v", c, len(p.Rows), err)
				}
				c.At, c.Back = p.Before, true
				break
			}
			c.At = p.After
		}
		for pages := 0; c.At != (Cursor{}); pages++ {
			p, err := l.History(ctx, c)
			if err != nil || pages > 110 {
				rt.Fatalf("%+v: page %d back: %v", c, pages, err)
			}
			back, c.At = append(idsOf(p.Rows), back...), p.Before
		}
		if want := idsOf(all.Rows); !slices.Equal(forward, want) || !slices.Equal(back, want) {
			rt.Fatalf("%+v\nthe list is %d\nforward     %d\nback        %d", whole, want, forward, back)
		}
	})
}

func idsOf(rows []meeting.Listed) (ids []int64) {
	for _, m := range rows {
		ids = append(ids, m.ID)
	}
	return ids
}
