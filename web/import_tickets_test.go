package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// hold delays the rows with the given external ID until the returned function is called,
// but for at most 50 seconds. Later rows are not delayed.
func (s *site) hold(externalID string) (release func()) {
	s.t.Helper()
	const q = `UPDATE import_rows SET not_before = %d WHERE external_id = '%s'`
	soon := time.Now().Add(50 * time.Second) // the store ignores pauses longer than longestRowPause
	execute(s.t, s, fmt.Sprintf(q, soon.UnixMilli(), externalID))
	return func() { execute(s.t, s, fmt.Sprintf(q, 0, externalID)) }
}

// waitForRows waits until n rows in total, across all imports, are in the state created,
// found or failed.
func (s *site) waitForRows(n int) {
	s.t.Helper()
	for range 6000 { // two minutes; the limit only prevents the test from hanging
		if readColumn(s.t, s, `SELECT count(*) FROM import_rows WHERE state IN ('created', 'found', 'failed')`) == fmt.Sprint(n) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("%d rows do not end: %s", n, s.importRows())
}

func (s *site) importRows() string {
	return readColumn(s.t, s, `SELECT string_agg(external_id || ' ' || state || ' ' || reason, ', ' ORDER BY import_id, position) FROM import_rows`)
}

// rowsOf returns the lines of a table with one meeting per ticket, each on a different day.
func rowsOf(s *site, tickets ...string) (rows []string) {
	rows = []string{"Ticket\tDate\tStart\tMinutes"}
	for i, ticket := range tickets {
		rows = append(rows, fmt.Sprintf("%s\t%s\t10:00\t30", ticket, day(s, i+1)))
	}
	return rows
}

// TestRowsOfOneTicket checks that no row fails because of another row or a meeting that
// the dry run showed, regardless of the order in which the rows are processed.
func TestRowsOfOneTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		before func(s *site) // runs before the dry run
		rows   []string
		change url.Values
		last   string // the external ID of the row that is processed last
		want   string
	}{
		"a further meeting first": {
			rows: []string{"INC1", "INC1"}, change: url.Values{"r2.choice": {"another"}}, last: "INC1",
			want: "INC1 created , INC1~2 created ",
		},
		"a further meeting that the table names": {
			rows: []string{"INC1~2", "INC1"}, last: "INC1",
			want: "INC1~2 created , INC1 created ",
		},
		"a colleague's ticket": {
			before: func(s *site) { s.signIn(tomas).post("/meetings", s.form("external_id", "INC1")).want(200) },
			rows:   []string{"INC1", "INC1~3"}, change: url.Values{"r1.choice": {"another"}},
			want: "INC1~4 created , INC1~3 created ",
		},
		"an unfinished meeting": {
			before: func(s *site) {
				s.signIn(priya).post("/meetings", s.form("external_id", "INC1~2")).want(200)
				execute(s.t, s, `UPDATE meetings SET state = 'unfinished'`)
			},
			rows: []string{"INC1"},
			want: "INC1 created ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			if tt.before != nil {
				tt.before(s)
			}
			b := s.signIn(priya)
			p := b.checked(b.paste(rowsOf(s, tt.rows...)...).want(200), "check", tt.change)
			p = b.checked(p, "start", nil).want(200)
			release := s.hold(tt.last)
			s.runImports()
			if tt.last != "" {
				s.waitForRows(len(tt.rows) - 1)
				release()
			}
			b.waitForImport(p.url.Path, meeting.ImportDone)
			if got := s.importRows(); got != tt.want {
				t.Errorf("the rows are %q, want %q", got, tt.want)
			}
		})
	}
}

// TestImportsOfOneTicket checks that two imports by the same person never send the same
// external ID, even if some rows have failed or have not been sent yet.
func TestImportsOfOneTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	first := b.checked(b.paste(rowsOf(s, "INC1", "INC2", "INC3~2", "INC4~2")...).want(200), "start", nil).want(200)
	execute(t, s, `UPDATE import_rows SET state = 'failed', reason = 'reason.forbidden' WHERE external_id = 'INC3~2'`)

	series := s.form("external_id", "INC1", "repeat", "week", "times", "2")
	p := b.post("/meetings", series).want(200, "Row 2 of your import “Pasted rows” has this ticket.", "Create INC1~2", "Create INC1~3")
	second := b.checked(p, "start", nil).want(200)
	b.post("/meetings", series).want(200, "Create INC1~4", "Create INC1~5")
	b.paste(rowsOf(s, "INC2", "INC3")...).want(200, "1 meeting will be created, 1 row left out.", "Row 3 of your import “Pasted rows” has this ticket.")
	third := b.paste(rowsOf(s, "INC2", "INC3", "INC3")...).want(200)
	third = b.checked(third, "check", url.Values{"r1.choice": {"another"}, "r3.choice": {"another"}}).want(200, "Create INC2~2", "Create INC3~3")
	third = b.checked(third, "start", nil).want(200)
	b.paste(rowsOf(s, "INC4")...).want(200, "0 meetings will be created, 1 row left out.", "Row 5 of your import “Pasted rows” has this ticket.")
	s.signIn(tomas).paste(rowsOf(s, "INC1")...).want(200, "1 meeting will be created.")

	release := s.hold("INC1")
	s.runImports()
	b.waitForImport(second.url.Path, meeting.ImportDone)
	b.waitForImport(third.url.Path, meeting.ImportDone)
	release()
	b.waitForImport(first.url.Path, meeting.ImportDone)
	b.press(b.get(first.url.Path), "Retry 1 failed row").want(200)
	b.waitForImport(first.url.Path, meeting.ImportDone)
	want := "INC1 created , INC2 created , INC3~2 created , INC4~2 created , INC1~2 created , INC1~3 created , "
	if got := s.importRows(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "INC2~2 created , INC3 created , INC3~3 created , INC4 draft , INC1 draft ") {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

// TestFormLeavesPlannedNumbers checks that the form does not propose an external ID that is
// planned for a row of a running import.
func TestFormLeavesPlannedNumbers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "INC1")).want(200)
	p := b.checked(b.paste(rowsOf(s, "INC1")...).want(200), "check", url.Values{"r1.choice": {"another"}})
	b.checked(p, "start", nil).want(200, "0 of 1 processed")
	b.post("/meetings", s.form("external_id", "INC1")).want(409, "INC1~3")
}

// TestStartStopsAtNewChoices checks that the Start button does not start the import if more
// rows need a choice than when the page was shown.
func TestStartStopsAtNewChoices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste(rowsOf(s, "INC1", "INC2", "INC3")...).want(200, "3 meetings will be created.")
	b.checked(b.paste(rowsOf(s, "INC1")...).want(200), "start", nil).want(200)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC2")).want(200)
	p = b.checked(p, "start", nil).want(422, "Nothing was started", "Row 2 of your import “Pasted rows” has this ticket.", "Tomás Oliveira has the meeting INC2.")
	b.checked(p, "start", url.Values{"r1.choice": {"another"}}).want(200, "0 of 3 processed")
}

// TestRowsSeeNewMeetings checks which rows fail if a meeting for their ticket is created
// after the start of the import.
func TestRowsSeeNewMeetings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		rows []string
		who  string
		made string
		want string
	}{
		"one's own":               {[]string{"INC1"}, priya, "INC1", "INC1 failed import.taken"},
		"one's own, spelled":      {[]string{"INC1"}, priya, "inc-1", "INC1 failed import.taken"},
		"one's own further one":   {[]string{"INC1"}, priya, "INC1~2", "INC1 failed import.taken"},
		"a colleague's":           {[]string{"INC1"}, tomas, "INC1", "INC1 failed import.taken"},
		"one's own, same number":  {[]string{"INC1", "INC1"}, priya, "INC1~2", "INC1 created , INC1~2 failed import.taken"},
		"a colleague's, same one": {[]string{"INC1~3", "INC1~3"}, tomas, "INC1~4", "INC1~3 created , INC1~4 created "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b := s.signIn(priya)
			p := b.checked(b.paste(rowsOf(s, tt.rows...)...).want(200), "check", url.Values{"r2.choice": {"another"}})
			p = b.checked(p, "start", nil).want(200)
			s.signIn(tt.who).post("/meetings", s.form("external_id", tt.made)).want(200)
			made := s.graph.MeetingCount()
			s.runImports()
			p = b.waitForImport(p.url.Path, meeting.ImportDone)
			if got := s.importRows(); got != tt.want {
				t.Errorf("the rows are %q, want %q", got, tt.want)
			}
			if failed := strings.Count(tt.want, "failed"); failed > 0 && (s.graph.MeetingCount() != made+len(tt.rows)-failed || !strings.Contains(p.text(), "Nothing was sent for this row.")) {
				t.Errorf("Microsoft has %d meetings, want %d, and the page is\n%s", s.graph.MeetingCount(), made, p.text())
			}
		})
	}
}
