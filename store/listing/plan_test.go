package listing

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// allowedStep matches query plan steps that read only a limited number of rows.
var allowedStep = regexp.MustCompile(`^(SEARCH \w+ USING (INTEGER )?PRIMARY KEY \((rowid|user_id)|SEARCH meetings USING (COVERING )?INDEX \w+ \(|SEARCH meetings$|` +
	`SEARCH attempts USING INDEX attempts_meeting \(|SEARCH attendees USING PRIMARY KEY \(meeting_id=\?\)|SEARCH meeting_people USING COVERING INDEX meeting_people_start \(user_id=\? AND start_at>\? AND start_at<\?\)$|SEARCH meeting_people USING COVERING INDEX meeting_people_handed_over |SCAN \(subquery-\d+\)$|SCAN [cn]$|SCAN CONSTANT ROW$|SCAN (condition|f|meetings_fts|id) VIRTUAL TABLE INDEX [1-9]|SCAN f VIRTUAL TABLE INDEX 0:M|SCAN meetings_fts EXISTS VIRTUAL TABLE INDEX 0:=M|` +
	`(CO-ROUTINE|MERGE|LEFT|RIGHT|(CORRELATED )?SCALAR SUBQUERY|LIST SUBQUERY|REUSE SUBQUERY))`)

// The number of rows that a list's statements read does not grow with the number of
// meetings.
func TestNoListReadsEverything(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	l := openWithTwo(t, 100)
	planned, sorting := 0, 0
	for _, c := range allCriteria() {
		statements := sqlitetest.NewStatements(t, sqliteOf(l), func() error {
			if _, err := l.History(t.Context(), c); err != nil {
				return err
			}
			_, err := l.count(t.Context(), c)
			return err
		})
		for _, statement := range statements {
			planned++
			if checkPlan(t, c, statement, sqlitetest.Plan(t, sqliteOf(l), statement)) {
				sorting++
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if planned < 300 || sorting == 0 {
		t.Errorf("checked %d statements, %d of which sort; want 300 and some that sort", planned, sorting)
	}
}

// checkPlan fails the test if the statement may read too many rows. It reports whether the
// statement sorts, which is allowed only for a few rows.
func checkPlan(t *testing.T, c Criteria, statement string, steps []string) (sorts bool) {
	t.Helper()
	plan := strings.Join(steps, "\n")
	isRareSearch := strings.Contains(statement, "ORDER BY +rowid DESC")
	if isOneWord := c.Everyone && c.Text == "printer"; isOneWord && strings.Contains(statement, "+rowid") {
		t.Errorf("%+v sorts possibly many matches:\n%s", c, statement)
	}
	for _, step := range steps {
		isSort := step == "USE TEMP B-TREE FOR ORDER BY"
		isFewRows := isRareSearch && (isSort || strings.HasPrefix(step, "SCAN meetings_fts VIRTUAL TABLE INDEX 0:M"))
		sorts = sorts || isFewRows
		if !isFewRows && !allowedStep.MatchString(step) || strings.Contains(step, "meeting_people USING PRIMARY KEY (user_id=?)") {
			t.Errorf("%+v: step %q of\n%s\n%s", c, step, statement, plan)
		}
	}
	for _, bound := range []*regexp.Regexp{regexp.MustCompile(`AND (m\.)?(row|meeting_)?id <`), regexp.MustCompile(`AND (m\.)?(row|meeting_)?id >`)} {
		if n := len(bound.FindAllString(statement, -1)); n > 1 {
			t.Errorf("%+v: %d bounds on the ID in one direction, of which SQLite seeks to one only:\n%s", c, n, statement)
		}
	}
	hasPartialIndex := c.Filter.Origin == meeting.Found || c.Filter.Origin == meeting.Adopted || c.Filter.State == Failed || c.Filter.State == Unfinished || c.Filter.State == Removed
	if hasPartialIndex && c.Everyone && c.Text == "" && c.Order == ByCreated && strings.Contains(statement, "CROSS JOIN") && !strings.Contains(plan, "INDEX meetings_not_") {
		t.Errorf("%+v does not use a partial index:\n%s", c, plan)
	}
	return sorts
}

func TestFindUsesTheIndexes(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	l := openWithTwo(t, 100)
	wholeTable := regexp.MustCompile(`SCAN (m|a|c|u|p|meetings|calls|attempts|meeting_people|users)\b`)
	input := search.Input{Threads: []search.Thread{{ID: "19:x@thread.v2", Message: "1620000000000"}}, MeetingIDs: []string{"1"}, ConferenceIDs: []string{"2"}, GraphIDs: []string{"3"}, RequestIDs: []string{"4"}}
	for _, everyone := range []bool{true, false} {
		statements := sqlitetest.NewStatements(t, sqliteOf(l), func() error {
			_, err := l.Find(t.Context(), Criteria{UserID: 1, Everyone: everyone, Limit: 50}, input, "INC7")
			return err
		})
		if len(statements) != 1 {
			t.Fatalf("%d statements were run, want 1", len(statements))
		}
		plan := strings.Join(sqlitetest.Plan(t, sqliteOf(l), statements[0]), "\n")
		for _, index := range []string{"meetings_ticket", "meetings_thread", "meetings_join_meeting_id", "meetings_conference", "meetings_graph", "calls_request", "calls_client_request"} {
			if !regexp.MustCompile(`SEARCH \w+ USING (COVERING )?INDEX ` + index + ` `).MatchString(plan) {
				t.Errorf("%s is not used:\n%s", index, plan)
			}
		}
		if wholeTable.MatchString(plan) {
			t.Errorf("a whole table is read:\n%s", plan)
		}
	}
}

// Guess uses an index on ticket numbers to find meetings, newest first, without sorting. It
// finds only meetings that the person may see.
func TestGuessUsesTheIndex(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	l := openWithTwo(t, 100)
	for _, everyone := range []bool{true, false} {
		var hits []Hit
		statements := sqlitetest.NewStatements(t, sqliteOf(l), func() (err error) {
			hits, err = l.Guess(t.Context(), Criteria{UserID: 1, Everyone: everyone, Limit: 50}, search.Guesses([]string{"INC0007"}))
			return err
		})
		if len(statements) != 1 || len(hits) != 1 || hits[0].ID != 7 || hits[0].By != ByGuess {
			t.Fatalf("%d statements were run, want 1; found %+v, want INC7", len(statements), hits)
		}
		plan := strings.Join(sqlitetest.Plan(t, sqliteOf(l), statements[0]), "\n")
		if !strings.Contains(plan, "SEARCH meetings USING INDEX meetings_ticket_number (<expr>=?)") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN m") {
			t.Errorf("the plan is\n%s", plan)
		}
	}
	if hits, err := l.Guess(t.Context(), Criteria{UserID: 1, Limit: 50}, search.Guesses([]string{"INC0008"})); err != nil || len(hits) != 0 {
		t.Errorf("person 1 finds a meeting of person 2: %+v, %v", hits, err)
	}
}

// A search for a ticket written as two words may match many external IDs. The matches are
// sorted only if there are few of them.
func TestManyTicketMatchesAreNotSorted(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	for text, sorts := range map[string]bool{"inc 1": false, "inc 1999": true} {
		l := openWithTwo(t, 2000)
		found := 0
		statements := sqlitetest.NewStatements(t, sqliteOf(l), func() error {
			p, err := l.History(t.Context(), Criteria{Everyone: true, Text: text, Limit: 50})
			found = len(p.Rows)
			return err
		})
		if got := strings.Contains(strings.Join(statements, "\n"), "ORDER BY +rowid"); got != sorts || found == 0 {
			t.Errorf("%q: found %d, sorted: %v; want some, %v", text, found, got, sorts)
		}
	}
}

func sqliteOf(l testLists) *sql.DB { return l.db.DB }

// allCriteria returns criteria for every combination of scope, search, order, filter,
// range of dates and direction.
func allCriteria() (list []Criteria) {
	for _, everyone := range []bool{true, false} {
		for _, text := range []string{"", "printer", "printer ana"} {
			for _, order := range []Order{ByCreated, ByStart} {
				for _, state := range []State{"", Upcoming, Past, Failed, Unfinished, Removed} {
					for _, origin := range []meeting.Origin{"", meeting.Created, meeting.Found, meeting.Adopted} {
						for bits := range 16 {
							c := Criteria{UserID: 1, Everyone: everyone, Text: text, Order: order, Filter: Filter{State: state, Origin: origin}, Back: bits&1 != 0, Limit: 50}
							if bits&2 != 0 {
								c.At = Cursor{Start: 5000, ID: 50}
							}
							if bits&4 != 0 {
								c.From, c.To = time.UnixMilli(1), time.UnixMilli(1e9)
							}
							if bits&8 != 0 {
								c.Dates, c.Soonest, c.EachWord = ByStart, order == ByStart, order == ByStart && text != ""
							}
							list = append(list, c)
						}
					}
				}
			}
		}
	}
	return list
}
