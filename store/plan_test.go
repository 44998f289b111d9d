package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
)

// newStatements returns the statements for lists that do runs and that were not run
// before.
func newStatements(t *testing.T, s *Store, do func() error) []string {
	t.Helper()
	before := statements(t, s)
	if err := do(); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(statements(t, s), func(statement string) bool { return slices.Contains(before, statement) })
}

func statements(t *testing.T, s *Store) (list []string) {
	t.Helper()
	s.lists.SetMaxOpenConns(1) // so that one connection has run them all
	c, err := s.lists.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Raw(func(c any) error {
		list = c.(interface{ Statements() []string }).Statements()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// planOf returns the steps of SQLite's query plan for the statement.
func planOf(t *testing.T, s *Store, statement string) (steps []string) {
	t.Helper()
	var values []any
	for n := 1; strings.Contains(statement, fmt.Sprintf("$%d", n)); n++ {
		values = append(values, 1)
	}
	rows, err := s.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+statement, values...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			id, parent, unused int
			step               string
		)
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// usual are the steps that need no looking at: a row by its key, and what goes
// through what another step gives.
var usual = regexp.MustCompile(`^(SEARCH \w+ USING (INTEGER )?PRIMARY KEY \((rowid|user_id)|SEARCH meetings USING (COVERING )?INDEX \w+ \(|SEARCH meetings$|` +
	`SEARCH meeting_people USING INDEX meeting_people_others |SCAN \(subquery-\d+\)$|SCAN c$|SCAN CONSTANT ROW$|SCAN (condition|f|meetings_fts|id) VIRTUAL TABLE INDEX [1-9]|SCAN f VIRTUAL TABLE INDEX 0:M|` +
	`(CO-ROUTINE|MERGE|LEFT|RIGHT|(CORRELATED )?SCALAR SUBQUERY|LIST SUBQUERY|REUSE SUBQUERY))`)

// No list of the history goes through all meetings, and none sorts them, however it
// is driven, filtered, ordered and paged: what is read is bounded by its limit.
func TestNoListReadsEverything(t *testing.T) {
	s := ofTwo(t, 100)
	sorted, planned := 0, make(map[string]bool)
	for _, q := range allQueries() {
		for _, statement := range newStatements(t, s, func() error { return runAll(s, q) }) {
			if planned[statement] {
				continue
			}
			planned[statement] = true
			steps := planOf(t, s, statement)
			if oneWord := q.Everyone && q.Text == "printer"; oneWord && strings.Contains(statement, "+rowid") {
				t.Errorf("%+v sorts what may be many in\n%s", q, statement)
			}
			for i, step := range steps {
				// Only what few others' meetings a person may see is sorted by its start.
				few := step == "USE TEMP B-TREE FOR ORDER BY" && slices.Contains(steps[:i], "RIGHT") && strings.Contains(strings.Join(steps, "\n"), "meeting_people_others")
				if strings.Contains(statement, "ORDER BY +rowid DESC") { // a search with less than a thousand matches
					few = few || step == "USE TEMP B-TREE FOR ORDER BY" || strings.HasPrefix(step, "SCAN meetings_fts VIRTUAL TABLE INDEX 0:M")
				}
				if few {
					sorted++
				}
				if !few && !usual.MatchString(step) || strings.Contains(step, "meeting_people USING PRIMARY KEY (user_id=?)") {
					t.Errorf("%+v: %q in\n%s\n%s", q, step, statement, strings.Join(steps, "\n"))
				}
			}
			few := q.Filter.Origin == meeting.Found || q.Filter.Origin == meeting.Adopted || q.Filter.State == Failed || q.Filter.State == Unfinished || q.Filter.State == Removed
			if few && q.Everyone && q.Text == "" && q.Order == ByCreated && strings.Contains(statement, "CROSS JOIN") && !strings.Contains(strings.Join(steps, "\n"), "INDEX meetings_not_") {
				t.Errorf("%+v goes through all in\n%s", q, strings.Join(steps, "\n"))
			}
			if t.Failed() {
				t.FailNow()
			}
		}
	}
	if len(planned) < 300 || sorted == 0 {
		t.Errorf("%d statements were looked at, %d of them sort", len(planned), sorted)
	}
}

// What is looked up is looked up: by the index of each thing that can be named, and
// the few of others' meetings that are somebody's by theirs.
func TestLookUpsReadLittle(t *testing.T) {
	s := ofTwo(t, 100)
	scrap := search.Input{Threads: []search.Thread{{ID: "19:x@thread.v2", Message: "1620000000000"}}, MeetingIDs: []string{"1"}, ConferenceIDs: []string{"2"}, GraphIDs: []string{"3"}, RequestIDs: []string{"4"}}
	for _, everyone := range []bool{true, false} {
		for _, statement := range newStatements(t, s, func() error {
			_, err := s.Find(t.Context(), HistoryQuery{UserID: 1, Everyone: everyone, Limit: 50}, scrap, "INC7")
			return err
		}) {
			steps := strings.Join(planOf(t, s, statement), "\n")
			for _, index := range []string{"meetings_ticket", "meetings_thread", "meetings_join_meeting_id", "meetings_conference", "meetings_graph", "calls_request", "calls_client_request"} {
				if !regexp.MustCompile(`SEARCH \w+ USING (COVERING )?INDEX ` + index + ` `).MatchString(steps) {
					t.Errorf("%s is not used:\n%s", index, steps)
				}
			}
			if everyRow.MatchString(steps) {
				t.Errorf("it goes through all of a table:\n%s", steps)
			}
		}
	}
	for _, statement := range newStatements(t, s, func() error { _, err := s.Upcoming(t.Context(), 1, 10); return err }) {
		if steps := strings.Join(planOf(t, s, statement), "\n"); everyRow.MatchString(steps) || !strings.Contains(steps, "meeting_people USING INDEX meeting_people_others (user_id=?)") {
			t.Errorf("what is upcoming is read by\n%s", steps)
		}
	}
}

// A ticket typed in two words matches by what it begins with, which may be many where
// the words are few: those are not sorted.
func TestManyTicketsAreNotSorted(t *testing.T) {
	s := ofTwo(t, 2000)
	for text, sorted := range map[string]bool{"inc 1": false, "inc 1999": true} {
		q := HistoryQuery{Everyone: true, Text: text, Limit: 50}
		found := 0
		statements := newStatements(t, s, func() error {
			p, err := s.History(t.Context(), q)
			found = len(p.Rows)
			return err
		})
		if got := strings.Contains(strings.Join(statements, "\n"), "ORDER BY +rowid"); got != sorted || found == 0 {
			t.Errorf("%q: %d found, sorted: %v; want %v", text, found, got, sorted)
		}
	}
}

// What a stopped process left pending is found at the start however many attempts
// have failed in the years before, as is what waits for somebody on their home; what
// is about one meeting by that.
func TestTheStartReadsLittle(t *testing.T) {
	s := ofTwo(t, 100)
	for statement, index := range map[string]string{
		insertStoppedCalls: "attempts_open (state=?)", settleStoppedAttempts: "attempts_open (state=?)",
		insertLostCalls + ` AND meeting_id = $1 AND concern = $2`: "attempts_meeting (meeting_id=?)", insertLostCalls + ` AND id = $1`: "PRIMARY KEY (rowid=?)",
		openAttempts + `AND a.state = 'failed'` + newestFirst: "attempts_open (state=? AND actor_id=?)", openAttempts + `AND a.state <> 'failed'` + newestFirst: "attempts_open (state=? AND actor_id=?)",
	} {
		if steps := strings.Join(planOf(t, s, statement), "\n"); !strings.Contains(steps, index) {
			t.Errorf("%s\nis read by\n%s", statement, steps)
		}
	}
}

var everyRow = regexp.MustCompile(`SCAN (m|a|c|u|p|meetings|calls|attempts|meeting_people|users)\b`)

// runAll runs every read of a list.
func runAll(s *Store, q HistoryQuery) error {
	ctx := context.Background()
	if _, err := s.History(ctx, q); err != nil {
		return err
	}
	_, err := s.count(ctx, q)
	return err
}

// allQueries are a list for each driver, filter, order, range of days and direction.
func allQueries() (list []HistoryQuery) {
	for _, everyone := range []bool{true, false} {
		for _, text := range []string{"", "printer", "printer ana"} {
			for _, order := range []Order{ByCreated, ByStart} {
				for _, state := range []StateFilter{"", Upcoming, Past, Failed, Unfinished, Removed} {
					for _, origin := range []meeting.Origin{"", meeting.Created, meeting.Found, meeting.Adopted} {
						for way := range 8 {
							q := HistoryQuery{UserID: 1, Everyone: everyone, Text: text, Order: order, Filter: Filter{State: state, Origin: origin}, Back: way&1 != 0, Limit: 50}
							if way&2 != 0 {
								q.At = Cursor{Start: 5000, ID: 50}
							}
							if way&4 != 0 {
								q.From, q.To = time.UnixMilli(1), time.UnixMilli(1e9)
							}
							list = append(list, q)
						}
					}
				}
			}
		}
	}
	return list
}
