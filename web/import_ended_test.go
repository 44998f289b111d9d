package web_test

import (
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/spreadsheet"
	"meetdesk/testenv"
)

// TestEndedRowsShowTheirMeetings checks that the page and the result file of an import show
// the meetings as they are, not as the rows requested them. The page of each meeting links
// to all of the person's imports that created, used or found it.
func TestEndedRowsShowTheirMeetings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b, o := s.signIn(priya), s.signIn(tomas)
	theirs := o.post("/meetings", s.form("external_id", "inc-1", "subject", "Their review")).want(200).url.Path
	own := b.post("/meetings", s.form("external_id", "INC2", "subject", "Own review")).want(200).url.Path
	b.post("/meetings", s.form("external_id", "INC3", "subject", "Found review")).want(200)
	execute(t, s, `UPDATE meetings SET state = 'failed' WHERE external_id = 'INC3'`) // as if the meeting existed only at Microsoft
	rows := []string{"Ticket\tSubject\tDate\tStart\tMinutes\tPeople"}
	for _, ticket := range []string{"INC1", "INC2", "INC3", "INC4"} {
		rows = append(rows, ticket+"\tExam\t"+day(s, 3)+"\t11:00\t30\tdana@contoso.example")
	}
	rows = append(rows, "INC2~5\tExam\t"+day(s, 3)+"\t11:00\t30\t")
	p := b.checked(b.paste(rows...).want(200, "3 meetings will be created, 2 exist already."), "start", nil).want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone)
	tomorrow, later := s.now().UTC().AddDate(0, 0, 1).Format("Mon 2 Jan 2006"), s.now().UTC().AddDate(0, 0, 3).Format("Mon 2 Jan 2006")
	kept := "Found This meeting existed already. The import did not change it. The row asked for: Exam, " + later + ", 11:00–11:30 Europe/Lisbon"
	for ticket, want := range map[string]string{
		"INC1": "Their review " + tomorrow + ", 10:00–10:30 Europe/Lisbon (UTC+00:00) Organized by Tomás Oliveira " + kept,
		"INC2": "Own review " + tomorrow + ", 10:00–10:30 Europe/Lisbon (UTC+00:00) " + kept,
		"INC3": "Found review " + tomorrow + ", 10:00–10:30 Europe/Lisbon (UTC+00:00) " + kept,
		"INC4": "Exam " + later + ", 11:00–11:30 Europe/Lisbon (UTC+00:00) Created",
	} {
		got := p.doc.Find(`tr:contains("` + ticket + ` ") td`).Text()
		if !strings.HasPrefix(withoutSpaces(got), withoutSpaces(want)) {
			t.Errorf("%s: the page shows %q, want %q", ticket, got, want)
		}
	}

	table, err := spreadsheet.ReadBytes([]byte(b.get(p.url.Path + "/result.xlsx").want(200).body))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"Differs from the row in|Subject of the meeting|Start of the meeting|End of the meeting|Organizer",
		"Subject, Start, End|Their review|" + day(s, 1) + " 10:00|" + day(s, 1) + " 10:30|" + tomas,
		"Subject, Start, End|Own review|" + day(s, 1) + " 10:00|" + day(s, 1) + " 10:30|" + priya,
		"Subject, Start, End|Found review|" + day(s, 1) + " 10:00|" + day(s, 1) + " 10:30|" + priya,
		"|Exam|" + day(s, 3) + " 11:00|" + day(s, 3) + " 11:30|" + priya,
	} {
		if got := strings.Join(table.Rows[i].Cells[10:15], "|"); got != want {
			t.Errorf("line %d of the result is %q, want %q", i+1, got, want)
		}
	}

	again := b.checked(b.paste(rowsOf(s, "INC4")...).want(200), "start", nil).want(200)
	b.waitForImport(again.url.Path, meeting.ImportDone)
	made := newest(t, s, "INC4")
	for where, want := range map[string]string{
		theirs:                                 "Row 2 · Found",
		own:                                    "Row 3 · Found",
		paths.Meeting(made.ID):                 "Row 5 · CreatedPasted rows Row 2 · Found",
		paths.Meeting(newest(t, s, "INC3").ID): "Row 4 · Found",
	} {
		if got := importLinks(b.get(where).want(200)); got != "Pasted rows "+want {
			t.Errorf("%s links to %q, want %q", where, got, want)
		}
	}
	if got := importLinks(o.get(theirs).want(200)); got != "" {
		t.Errorf("the organizer's page links to somebody else's import: %q", got)
	}
	if got := importLinks(s.signIn(alex).get(theirs).want(200)); got != "Pasted rows Row 2 · Found" {
		t.Errorf("the administrator's page links to %q", got)
	}
}

func withoutSpaces(text string) string { return strings.Join(strings.Fields(text), "") }

func importLinks(p *page) string {
	return strings.Join(strings.Fields(p.doc.Find(`.facts dd:has(a[href^="/imports/"])`).Text()), " ")
}

// TestEmptyCellsDoNotDiffer checks that an import reports no differences between a meeting
// and a row without a subject or a time.
func TestEmptyCellsDoNotDiffer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "INC1")).want(200)
	p := b.checked(b.paste("Ticket", "INC1").want(200), "start", nil).want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone).want(200, "Printer on fire", "The import did not change it.")
	if strings.Contains(p.text(), "The row asked for") {
		t.Errorf("the page says that the meeting differs:\n%s", p.text())
	}
}
