package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestPersonManagesTheirImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 3)...).want(200), "start", nil).want(200, "Running")
	p = b.press(p, "Pause").want(200, "Paused", "You paused the import.")
	p = b.press(p, "Continue").want(200, "Running")
	execute(t, s, `UPDATE import_rows SET state = 'failed', reason = 'reason.forbidden' WHERE position = 1`)
	p = b.press(p, "Cancel the import").want(200, "Cancelled", "1 of 1 processed, 2 rows left out", "The import was cancelled before this row.")
	p = b.press(p, "Retry 1 failed row").want(200, "Running", "0 of 1 processed")
	s.runImports()
	b.waitForImport(p.url.Path, meeting.ImportDone).want(200, "1 of 1 processed, 2 rows left out")
}

// TestStartingTwiceShowsTheImport checks that a double click on the start button leads to
// the running import. The import's own rows must not be reported as existing meetings for
// their tickets.
func TestStartingTwiceShowsTheImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	draft := b.paste(rowsFor(s, 3)...).want(200)
	b.checked(draft, "start", nil).want(200, "Running")
	b.checked(draft, "start", nil).want(200, "Running")
	s.runImports()
	b.waitForImport(draft.url.Path, meeting.ImportDone)
	b.checked(draft, "start", nil).want(200, "3 of 3 processed")
	if n := s.graph.MeetingCount(); n != 3 {
		t.Errorf("Microsoft has %d meetings, want 3", n)
	}
}

// TestImportPausesInTime checks that an import pauses after 24 hours or when the person
// loses their role.
func TestImportPausesInTime(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for statement, why := range map[string]string{
		`UPDATE imports SET ends_at = 1`:                             string(meeting.ReasonImportDayOver),
		`UPDATE users SET role = 'none' WHERE upn = '` + priya + `'`: string(meeting.ReasonImportNoRole),
	} {
		s := newSite(t)
		b := s.signIn(priya)
		p := b.checked(b.paste(rowsFor(s, 2)...).want(200), "start", nil).want(200)
		execute(t, s, statement)
		s.runImports()
		b.waitForImport(p.url.Path, meeting.ImportPaused)
		if n := s.graph.MeetingCount(); n != 0 || readColumn(t, s, `SELECT count(*) FROM import_rows WHERE state = 'waiting'`) != "2" {
			t.Errorf("%s: Microsoft has %d meetings", statement, n)
		}
		if got := readColumn(t, s, `SELECT reason FROM imports`); got != why {
			t.Errorf("the import is paused because of %q, want %q", got, why)
		}
	}
}

// TestImportPausesWhenTheRoleIsLost checks that an import that is already running creates no
// further meetings after the person loses their role.
func TestImportPausesWhenTheRoleIsLost(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 3)...).want(200), "start", nil).want(200)
	release := s.hold("BULK0002")
	s.runImports()
	s.waitForRows(2)
	execute(t, s, `UPDATE users SET role = 'none' WHERE upn = '`+priya+`'`)
	release()
	b.waitForImport(p.url.Path, meeting.ImportPaused)
	if got := readColumn(t, s, `SELECT reason FROM imports`); got != string(meeting.ReasonImportNoRole) {
		t.Errorf("the import is paused because of %q, want %q", got, meeting.ReasonImportNoRole)
	}
	if left := readColumn(t, s, `SELECT count(*) FROM import_rows WHERE state = 'waiting'`); left != "1" {
		t.Errorf("%s rows are left, want 1", left)
	}
}

// TestResultHasNoFormulas checks that spreadsheet programs do not evaluate column names or
// cells of the result as formulas.
func TestResultHasNoFormulas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste("Ticket\tSubject\tDate\tStart\tMinutes\t=1+1", "BULK1\t@SUM(1)\t"+day(s, 1)+"\t10:00\t30\t=HYPERLINK(1)", "BULK2\tB\t"+day(s, 1)+"\t10:00\t30\t\"a\t=2+2|=3+3\"").want(200)
	p = b.checked(p, "start", nil).want(200)
	execute(t, s, `UPDATE import_rows SET state = 'failed'`)
	file := b.get(p.url.Path + "/result.csv").want(200).body
	if !strings.HasPrefix(file, "\ufeff") {
		t.Error("the CSV has no byte order mark")
	}
	for _, formula := range []string{"=1+1", "@SUM(1)", "=HYPERLINK(1)"} {
		at := strings.Index(file, formula)
		if at < 1 || file[at-1] != '\'' {
			t.Errorf("the CSV has the formula %s:\n%s", formula, file)
		}
	}
	if !strings.Contains(file, "\"a\t'=2+2|'=3+3\"") {
		t.Errorf("a formula after a separator is not escaped:\n%s", file)
	}
	if book := b.get(p.url.Path + "/result.xlsx").want(200); strings.Contains(book.body, "<f>") {
		t.Error("the workbook has a formula")
	}
}

// TestUnclearDates checks that an import with ambiguous dates does not start until the
// person has chosen a date order, which applies to all rows.
func TestUnclearDates(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	next := s.now().AddDate(1, 0, 0).Format("2006")
	p := b.paste("Ticket\tDate\tStart", "INC1\t3/4/"+next+"\t10:00", "INC2\t5/6/"+next+"\t10:00").want(200, "Which day is “3/4/"+next+"”?")
	if p.doc.Find(`button[value="start"]`).Length() != 0 {
		t.Error("the import can be started")
	}
	b.checked(p, "start", nil).want(422, "Which day is")
	if n := readColumn(t, s, `SELECT state FROM imports`); n != "draft" {
		t.Errorf("the import is %s", n)
	}
	b.checked(p, "start", url.Values{"date_order": {"dmy"}}).want(200, "0 of 2 processed")
	if n := readColumn(t, s, `SELECT count(*) FROM import_rows WHERE request LIKE CASE position WHEN 1 THEN '%"Start":"`+next+`-04-03%' ELSE '%"Start":"`+next+`-06-05%' END`); n != "2" {
		t.Errorf("%s meetings start on the right day", n)
	}
}

// TestStartStopsAtNewProblems checks that Start does not start the import if a row that was
// just changed still has a problem, and that the error summary says so.
func TestStartStopsAtNewProblems(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste("Ticket\tDate\tStart", "INC1\t"+day(s, 1)+"\t10:00", "INC2\t"+day(s, 1)+"\tten").want(200)
	if shown := p.doc.Find(`[name="r2.start"]`).Length(); shown != 1 {
		t.Fatalf("%d inputs for the wrong start", shown)
	}
	stopped := b.checked(p, "start", url.Values{"r2.start": {"eleven"}}).want(422)
	if heading := stopped.doc.Find("#problems-title").Text(); !strings.HasPrefix(heading, "Nothing was started") {
		t.Errorf("the summary begins with %q", heading)
	}
	b.checked(stopped, "start", nil).want(200, "0 of 1 processed, 1 row left out")
}

func TestInvitationsLeaveOutRemovedMeetings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 2)...).want(200), "start", nil).want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone)
	execute(t, s, `UPDATE meetings SET state = 'removed' WHERE external_id = 'BULK0000'`)
	if n := b.get(p.url.Path+"/invitations").want(200, "1 invitation").doc.Find("article").Length(); n != 1 {
		t.Errorf("%d sheets, want 1", n)
	}
}

// TestFurtherMeetingsAreNumbered checks that further meetings for a ticket get numbers that
// no existing meeting or other row uses.
func TestFurtherMeetingsAreNumbered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "INC0000009")).want(200)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC0000009~6", "anyway", "1")).want(200)
	p := b.paste("Ticket\tDate\tStart", "INC0000009\t"+day(s, 1)+"\t10:00", "INC0000009\t"+day(s, 2)+"\t10:00", "INC0000009~4\t"+day(s, 3)+"\t10:00").want(200)
	b.checked(p, "start", url.Values{"r1.choice": {"another"}, "r2.choice": {"another"}}).want(200)
	if got := readColumn(t, s, `SELECT string_agg(external_id, ' ' ORDER BY position) FROM import_rows`); got != "INC0000009~7 INC0000009~8 INC0000009~4" {
		t.Errorf("the rows create %s", got)
	}
}
