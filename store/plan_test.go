package store

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
)

func openNew(t *testing.T) *Store {
	t.Helper()
	dir := t.TempDir()
	sqlitetest.WriteEmpty(t, filepath.Join(dir, FileName))
	s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func plan(t *testing.T, s *Store, statement string) string {
	t.Helper()
	return strings.Join(sqlitetest.Plan(t, s.read, statement), "\n")
}

// The statements for open attempts use an index, because the number of failed attempts
// grows over the years.
func TestOpenAttemptsAreFoundByIndex(t *testing.T) {
	s := openNew(t)
	for statement, index := range map[string]string{
		insertStoppedCalls: "attempts_open (state=?)", settleStoppedAttempts: "attempts_open (state=?)",
		insertLostCalls + ` AND meeting_id = $1 AND concern = $2`: "attempts_meeting (meeting_id=?)", insertLostCalls + ` AND id = $1`: "PRIMARY KEY (rowid=?)",
		failedMeetings: "attempts_open (state=? AND actor_id=?)", unfinishedMeetings: "attempts_open (state=? AND actor_id=?)",
	} {
		if steps := plan(t, s, statement); !strings.Contains(steps, index) {
			t.Errorf("%s\nhas the plan\n%s\nwant %s", statement, steps, index)
		}
	}
}

// The Failed and Unfinished methods must read only a person's newest open attempts, in
// index order, because there may be thousands of them. Failed must still find enough
// meetings if each of them has a failed attempt for every concern.
func TestHomeReadsOnlyTheNewestAttempts(t *testing.T) {
	s := openNew(t)
	for _, statement := range []string{failedMeetings, unfinishedMeetings} {
		steps := plan(t, s, statement)
		if first, _, ok := strings.Cut(steps, "USE TEMP B-TREE FOR GROUP BY"); !ok || strings.Contains(first, "TEMP B-TREE") {
			t.Errorf("the attempts are sorted:\n%s", steps)
		}
	}
	for _, statement := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, '1', '1', '1', 'One', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, state, created_at, updated_at) SELECT value, 1, 1, value, 'live', 1, 1 FROM json_each('[1, 2, 3, 4, 5, 6, 7]')`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT 1, id, 'organizer', 1 FROM meetings`,
		`INSERT INTO attempts (meeting_id, actor_id, mode, kind, asked, concern, state, created_at, updated_at) SELECT m.id, 1, 'delegated', 'update', '{}', c.value, 'failed', 1, 1
			FROM meetings m, json_each('["meeting", "lobby", "presenters", "announce", "record", "look"]') c ORDER BY m.id, c.key`,
	} {
		if _, err := s.write.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	failed, err := s.Failed(t.Context(), 1, 7)
	if err != nil || len(failed) != 7 || failed[0].ID != 7 || failed[6].ID != 1 {
		t.Errorf("%d meetings, %v; want 7, the last one first", len(failed), err)
	}
}

// Import queries find rows through an index, because they run often and an import may have
// thousands of rows.
func TestImportsAreCountedByIndex(t *testing.T) {
	s := openNew(t)
	for statement, steps := range map[string][]string{
		leaseNextRow:                  {"SEARCH n USING COVERING INDEX import_rows_state (import_id=? AND state=?)", "SEARCH r USING INDEX sqlite_autoindex_import_rows_1 (import_id=? AND position=?)"},
		selectImports + newestImports: {"SEARCH r USING COVERING INDEX import_rows_state (import_id=?)", "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)"},
		releaseStoppedRows:            {"import_rows_state (import_id=? AND state=?)"},
		failedRows:                    {"import_rows_state (import_id=? AND state=?)"},
	} {
		got := plan(t, s, statement)
		for _, step := range steps {
			if !strings.Contains(got, step) {
				t.Errorf("%s\nhas the plan\n%s\nwant %s", statement, got, step)
			}
		}
	}
}

// Upcoming reads only the first few meetings of a person, in index order, and none that have
// ended. A person may organize thousands of meetings and make thousands for others.
func TestUpcomingReadsNoWholeTable(t *testing.T) {
	s := openNew(t)
	whole := regexp.MustCompile(`SCAN (m|a|c|u|p|meetings|calls|attempts|meeting_people|users)\b`)
	indexes := regexp.MustCompile(`CO-ROUTINE own\n.*meetings_upcoming \(.*\nSCAN own\n(.*\n)*.*COVERING INDEX meeting_people_start \(user_id=\? AND start_at>\? AND start_at<\?\)\n(.*\n)*UNION ALL\n.*meeting_people_long \(user_id=\? AND end_at>\?\)\n`)
	statements := sqlitetest.NewStatements(t, s.read, func() error { _, err := s.Upcoming(t.Context(), 1, 10); return err })
	if len(statements) == 0 {
		t.Fatal("no statement was run")
	}
	for _, statement := range statements {
		if steps := plan(t, s, statement); whole.MatchString(steps) || !indexes.MatchString(steps) {
			t.Errorf("%s\nhas the plan\n%s", statement, steps)
		}
	}
}

func TestUpcomingStopsWhenItsListIsFull(t *testing.T) {
	enginetest.SQLiteOnly(t, "the pages of its file")
	pages := func(n int) (pages int) {
		s := openNew(t)
		for _, statement := range []string{
			`INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, '1', '1', '1', 'One', 1), (2, '1', '2', '2', 'Two', 1)`,
			fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO meetings (id, organizer_id, maker_id, external_id, state, start_at, end_at, created_at, updated_at)
				SELECT i, 2, 1, i, 'live', 4000000000000 + i * 600000, 4000000000000 + i * 600000 + 1800000, 1, 1 FROM n`, n),
			`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT 1, id, 'maker', 1 FROM meetings`,
		} {
			if _, err := s.write.ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		upcoming := func() error {
			list, err := s.Upcoming(t.Context(), 1, 10)
			if len(list) != 10 || list[0].ID != 1 || list[9].ID != 10 {
				t.Errorf("of %d meetings, the list has %d: %+v", n, len(list), list)
			}
			return err
		}
		if err := upcoming(); err != nil { // compiles the statement
			t.Fatal(err)
		}
		return sqlitetest.PagesRead(t, s.read, upcoming)
	}
	if few, many := pages(100), pages(1000); many > few+10 {
		t.Errorf("reads %d pages for 100 meetings, and %d for 1,000", few, many)
	}
}

// A ticket may have many meetings, so the queries for the previous and the next meeting
// must use the index and must not sort.
func TestTicketNeighboursUseTheIndex(t *testing.T) {
	s := openNew(t)
	for _, q := range []string{startBefore, startAfter, madeBefore, madeAfter} {
		steps := plan(t, s, q)
		if !strings.Contains(steps, "SEARCH m USING INDEX meetings_ticket (ticket_key=? AND start_at") || strings.Contains(steps, "TEMP B-TREE") {
			t.Errorf("%s\nhas the plan\n%s", q, steps)
		}
	}
}

// An organizer may have 100,000 meetings. The query for the people with access to a
// replaced meeting must not read all these meetings.
func TestPeopleOfAReplacedMeetingAreFoundByTicket(t *testing.T) {
	s := openNew(t)
	if steps := plan(t, s, peopleOf); !strings.Contains(steps, "SEARCH o USING INDEX meetings_ticket (ticket_key=?)") {
		t.Errorf("%s\nhas the plan\n%s", peopleOf, steps)
	}
}

// The recentPeople query must use the indexes, because it runs whenever the attendee field
// receives focus.
func TestRecentPeopleAreFoundByIndex(t *testing.T) {
	s := openNew(t)
	steps := plan(t, s, recentPeople)
	for _, step := range []string{"SEARCH meeting_people USING PRIMARY KEY (user_id=?)", "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH a USING PRIMARY KEY (meeting_id=?)"} {
		if !strings.Contains(steps, step) {
			t.Errorf("the plan lacks %q:\n%s", step, steps)
		}
	}
}

func TestOverviewReadsOnlyRecentRows(t *testing.T) {
	s := openNew(t)
	for statement, want := range map[string]string{
		madeOn(14):  "meetings USING COVERING INDEX meetings_created (created_at>? AND created_at<?)",
		failedSince: "attempts USING COVERING INDEX attempts_failed (created_at>?)",
		openNow:     "attempts_open (state=?)",
		peopleSeen:  "SEARCH u USING INDEX users_seen (seen_at",
	} {
		if steps := plan(t, s, statement); !strings.Contains(steps, want) {
			t.Errorf("%s\nhas the plan\n%s\nwant %s", statement, steps, want)
		}
	}
	if steps := plan(t, s, peopleSeen); strings.Contains(steps, "TEMP B-TREE FOR ORDER BY") {
		t.Errorf("the list of people is sorted:\n%s", steps)
	}
}
