package listing

import (
	"testing"
	"time"

	"meetdesk/testenv"
)

func TestHistoryCount(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	l := openWithTwo(t, 1)
	l.insert(t, 2, 10_000, "'word'")
	count := func(c Criteria, want int, wantAll bool) {
		t.Helper()
		clear(l.counts.known) // otherwise HistoryCount might return a cached count with More set
		if n, err := l.HistoryCount(t.Context(), c); n.N != want || n.All != wantAll || n.More && n.All || err != nil {
			t.Errorf("%+v: %+v, %v; want %d, all: %v", c, n, err, want, wantAll)
		}
	}
	for _, order := range []Order{ByCreated, ByStart} {
		count(Criteria{Everyone: true, Order: order}, 10_000, true)
		count(Criteria{UserID: 1, Order: order}, 5_000, true)
		count(Criteria{Everyone: true, Order: order, Dates: order, From: time.UnixMilli(9_001 * 60_000)}, map[Order]int{ByCreated: 1_000, ByStart: startedSince(t, l, 9_001*60_000)}[order], true)
	}
	l.insert(t, 10_001, 10_001, "'word'")
	for _, order := range []Order{ByCreated, ByStart} {
		count(Criteria{Everyone: true, Order: order}, 10_000, false)
		count(Criteria{UserID: 1, Order: order}, 5_001, true)
	}
	count(Criteria{Everyone: true, Text: "printer"}, 1, true)
	count(Criteria{Everyone: true, Text: "word"}, 1_000, false)
	l.exec(t, `UPDATE meetings SET subject = CASE WHEN id <= 1000 THEN 'thousand' ELSE 'rest' END`)
	l.reindex(t, 1, 10_001)
	count(Criteria{Everyone: true, Text: "thousand"}, 1_000, true)
	count(Criteria{Everyone: true, Text: "rest"}, 1_000, false)
}

func TestCountsAreCached(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	l := openWithTwo(t, 1)
	l.insert(t, 2, 10_001, "'word'")
	now := time.UnixMilli(1e12)
	l.now = func() time.Time { return now }
	mine, all := Criteria{UserID: 1}, Criteria{Everyone: true}
	count := func(when string, c Criteria, want int, wantMore bool) {
		t.Helper()
		if n, err := l.HistoryCount(t.Context(), c); n.N != want || n.More != wantMore || err != nil {
			t.Errorf("%s: %+v, %v; want %d, more: %v", when, n, err, want, wantMore)
		}
	}
	count("first count", mine, 5_001, false)
	count("first count", all, 10_000, true)
	for _, q := range []string{`DELETE FROM meeting_people WHERE meeting_id > 10`, `DELETE FROM meetings WHERE id > 10`} {
		if _, err := l.write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	count("after no change", mine, 5_001, false)
	count("after no change", all, 10_000, true)
	l.changes.Add(1)
	count("after a change", mine, 5, false)
	count("after a change", all, 10_000, true)
	past := Criteria{UserID: 1, Filter: Filter{State: Past}}
	l.exec(t, `UPDATE meetings SET state = 'live', end_at = 1e12 + 1000`)
	count("all upcoming", past, 0, false)
	now = now.Add(59 * time.Second)
	count("59 seconds later", past, 5, false)
	count("59 seconds later", all, 10_000, true)
	now = now.Add(time.Second)
	count("60 seconds later", all, 10, false)
}

func startedSince(t *testing.T, l testLists, ms int64) (n int) {
	t.Helper()
	if err := l.write.QueryRowContext(t.Context(), `SELECT count(*) FROM meetings WHERE coalesce(start_at, created_at) >= $1`, ms).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
