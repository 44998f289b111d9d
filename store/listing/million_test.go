package listing

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// mostPages is the maximum number of file pages that one read may fetch from SQLite's cache
// or from the disk. Each page is 4 KB. Finding a meeting by its ID reads up to four pages.
const mostPages = 120_000

// TestMostExpensiveList checks that no list, search, count or lookup reads more than
// mostPages pages, whatever its filters. It counts pages because times vary with the load
// of the machine. The database has more meetings than a single read examines.
//
// The environment variable MILLION is the path of a database to check instead, such as
// folder/rows-1000000/meetdesk.db after "make bench N=1000000 KEEP=folder".
func TestMostExpensiveList(t *testing.T) {
	enginetest.SQLiteOnly(t, "the pages that it reads")
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	var l *Lists
	if path := os.Getenv("MILLION"); path != "" {
		var err error
		if l, err = Open(path, time.Now, new(atomic.Int64)); err != nil {
			t.Fatal(err)
		}
		defer l.Close()
	} else {
		l = openSparse(t, maxDeep+2_000).Lists
	}
	l.limit = time.Hour
	reads := pagesOfReads(t, l)
	slices.SortFunc(reads, func(a, b read) int { return b.pages - a.pages })
	for i, r := range reads {
		if r.pages > mostPages {
			t.Errorf("%d pages: %s", r.pages, r.name)
		} else if i < 10 {
			t.Logf("%d pages: %s", r.pages, r.name)
		}
	}
}

type read struct {
	name  string
	pages int
}

func pagesOfReads(t *testing.T, l *Lists) (reads []read) {
	t.Helper()
	ctx := t.Context()
	count := func(name string, c Criteria, do func() error) {
		reads = append(reads, read{fmt.Sprintf("%s of %+v", name, c), sqlitetest.PagesRead(t, l.db.DB, do)})
	}
	for _, c := range expensiveCriteria() {
		count("History", c, func() error { _, err := l.History(ctx, c); return err })
		count("count", c, func() error { _, err := l.count(ctx, c); return err })
	}
	for _, everyone := range []bool{true, false} {
		c := Criteria{UserID: 1, Everyone: everyone, Limit: 50}
		count("FindByPhone", c, func() error { _, err := l.FindByPhone(ctx, c, "5550100"); return err })
		count("Audit", c, func() error {
			_, err := l.Audit(ctx, AuditFilter{Action: "nothing"}, AuditCursor{}, false, 50)
			return err
		})
		for _, c.Text = range expensiveTexts {
			count("UnknownWords", c, func() error { _, err := l.UnknownWords(ctx, c); return err })
			count("Guess", c, func() error { _, err := l.Guess(ctx, c, search.Guesses([]string{c.Text})); return err })
			count("an export's part", c, func() error { _, _, err := l.exportNext(ctx, c); return err })
			count("Find", c, func() error {
				_, err := l.Find(ctx, c, search.Recognize(c.Text, people.OnlyAddress), c.Text)
				return err
			})
		}
	}
	return reads
}

// A search for several words, or for several parts of a word, reads only a few eras or only
// the matches of a rare word. TestMostExpensiveList would not notice if a search read more,
// because thousands of FTS5 matches fit on one page.
func TestSearchesReadFewErasOrARareWord(t *testing.T) {
	enginetest.SQLiteOnly(t, "its conditions")
	testenv.SkipUnlessLong(t)
	l := openSparse(t, 5_000)
	limited, rarely := 0, 0
	for _, text := range expensiveTexts {
		for bits := range 4 {
			c := Criteria{UserID: 1, Everyone: bits&1 != 0, Text: text, Deep: bits&2 != 0}
			r, ok, err := l.resolve(t.Context(), c)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			switch isOneWord := c.Everyone && !strings.ContainsAny(text, " ."); {
			case r.bound != 0:
				limited++
				if n := r.eras[1] - r.eras[0] + 1; n > deepEras || n > eras && !c.Deep {
					t.Errorf("%+v reads %d eras", c, n)
				}
			case r.isRare:
				rarely++
				if fewer, err := l.db.hasFewerMatches(t.Context(), r.rare, rare); !fewer || err != nil {
					t.Errorf("%+v reads all matches of %s, which is not rare: %v", c, r.rare, err)
				}
			case !isOneWord:
				t.Errorf("%+v reads all matches of common words", c)
			}
		}
	}
	if limited < 20 || rarely < 10 {
		t.Errorf("%d searches are limited, and %d have a rare word", limited, rarely)
	}
}

// expensiveTexts are search texts that may require reading many matches. Some contain words
// that occur in most meetings or in none, or words that never occur together or in the
// given order. Others contain words that are also tokens of the scope column.
var expensiveTexts = []string{"a", "a e", "a e i o", "1", "inc", "inc 1", "same", "contoso example", "example nowhere", "odd even", "odd.even", "example.contoso", "example.contoso odd.even", "e1", "u1 odd", "printer ana", "printer.ana.printer odd"}

// expensiveCriteria returns the same criteria as allCriteria, except those that read
// backwards or select the origins Created or Found. It adds criteria that search for each
// of the expensiveTexts.
func expensiveCriteria() []Criteria {
	list := slices.DeleteFunc(allCriteria(), func(c Criteria) bool {
		return c.Back || c.Filter.Origin == meeting.Created || c.Filter.Origin == meeting.Found
	})
	for _, text := range expensiveTexts {
		for _, everyone := range []bool{true, false} {
			for _, state := range []State{"", Upcoming, Failed, Unfinished, Removed} {
				for _, deep := range []bool{false, true} {
					for _, each := range []bool{false, true} {
						c := Criteria{UserID: 1, Everyone: everyone, Text: text, Limit: 50, Filter: Filter{State: state}, Deep: deep, EachWord: each}
						if each {
							c.Order, c.Soonest, c.Dates = ByStart, true, ByStart
						}
						list = append(list, c)
					}
				}
			}
		}
	}
	return list
}

// openSparse creates a database with n meetings. Their IDs are 64, 128 and so on, so an era
// contains only 256 of them. All meetings contain the word "printer". The words "odd" and
// "even" never occur together.
func openSparse(t *testing.T, n int) testLists {
	t.Helper()
	l := openEmpty(t, false)
	l.exec(t, `INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, 't', '1', 'one@contoso.example', 'One', 0), (2, 't', '2', 'two@contoso.example', 'Two', 0)`)
	l.exec(t, `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < $1)
		INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at)
		SELECT 64 * n, 2 - n % 2, 2 - n % 2, CASE n % 3 WHEN 0 THEN 'INC' || n ELSE 'SAME~' || n END, CASE n % 3 WHEN 0 THEN 'inc' || n ELSE 'same' END, CASE n / 2 % 2 WHEN 0 THEN 'Printer ana odd' ELSE 'Printer even' END,
			CASE n % 10 WHEN 7 THEN 'failed' WHEN 8 THEN 'unfinished' WHEN 9 THEN 'removed' WHEN 6 THEN 'replaced' ELSE 'live' END,
			CASE n % 10 WHEN 4 THEN 'adopted' WHEN 7 THEN NULL WHEN 8 THEN NULL ELSE 'created' END, n * 60000, n * 60000 + 1800000, n * 60000, n * 60000 FROM count`, n)
	l.exec(t, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings`)
	l.exec(t, `INSERT INTO attendees (meeting_id, position, name, upn) SELECT id, p, 'Ana Person ' || p, 'ana' || p || '@contoso.example' FROM meetings, (SELECT 0 AS p UNION ALL SELECT 1)`)
	const entries = `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < $1)
		INSERT INTO audit (at, user_id, action, meeting_id) SELECT n, 1, 'history.read', 64 * n FROM count`
	l.exec(t, entries, min(n, auditReach+1_000))
	l.reindex(t, 1, 64*n)
	return l
}
