package listing

import (
	"slices"
	"testing"
	"time"

	"meetdesk/search"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// Once a condition has been found to be rare, it counts as rare for up to rareFor, however
// many matches are added.
func TestRareForAWhile(t *testing.T) {
	testenv.SkipIfShort(t)
	l := openWithTwo(t, 1)
	now := time.UnixMilli(1e12)
	l.now = func() time.Time { return now }
	r := l.unsearched(Criteria{Everyone: true})
	r.words = search.Parse("alpha")
	condition := l.db.conditions(r)[0]
	want := func(want bool) {
		t.Helper()
		if got, err := l.isRare(t.Context(), condition); got != want || err != nil {
			t.Errorf("rare: %v, %v; want %v", got, err, want)
		}
	}
	want(true)
	l.insert(t, 2, 2+rare, "'alpha'")
	now = now.Add(rareFor - 1)
	want(true)
	now = now.Add(1)
	want(false)
}

func TestCommonWordsAreFoundOnce(t *testing.T) {
	testenv.SkipIfShort(t)
	const last = 2_502 // with this number, GIN begins with a match in both directions
	l := openWithTwo(t, 1)
	l.insert(t, 2, last, "CASE WHEN n % 3 = 1 THEN 'dense' WHEN n % 96 = 2 THEN 'sparse' ELSE 'none' END")
	for word, want := range map[string][]int64{"dense": upTo(4, last, 3), "sparse": upTo(2, last, 96)} {
		r := l.unsearched(Criteria{Everyone: true})
		r.words = search.Parse(word)
		l.common.add(l.db.conditions(r)[0])
		for _, limit := range []int{7, last} {
			if ids, _, _ := walk(t, l, Criteria{Everyone: true, Text: word, Limit: limit}); !slices.Equal(ids, want) {
				t.Errorf("%s, pages of %d: %d, want %d:\n%v", word, limit, len(ids), len(want), ids)
			}
		}
		p, err := l.History(t.Context(), Criteria{Everyone: true, Text: word, Limit: last, At: Cursor{ID: 1}, Back: true})
		if got := idsOf(p.Rows); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s, backwards: %d, %v, want %d:\n%v", word, len(got), err, len(want), got)
		}
	}
}

// A word that is known to be common is not looked up again, because GIN would read all its
// matches in two eras. The test removes the matches to see whether they are read.
func TestCommonWordsAreNotLookedUp(t *testing.T) {
	if !postgrestest.Wanted() {
		t.Skip("only with PostgreSQL: SQLite stops at the first match")
	}
	l := openWithTwo(t, 1)
	l.insert(t, 2, 2+rare, "'alpha'")
	c := Criteria{Everyone: true, Text: "alpha omega"}
	check := func(want ...string) {
		t.Helper()
		if got, err := l.UnknownWords(t.Context(), c); err != nil || !slices.Equal(got, want) {
			t.Errorf("the unknown words are %q, %v; want %q", got, err, want)
		}
	}
	check("omega")
	l.exec(t, `DELETE FROM meetings_fts`)
	check("omega")
	l.common = conditionSet{}
	check("alpha", "omega")
}
