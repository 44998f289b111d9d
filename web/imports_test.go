package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/spreadsheet"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

func (b *browser) upload(name, file string, fields url.Values) *page {
	b.t.Helper()
	return b.sendUpload("/imports", name, file, fields)
}

// sendUpload submits a form with a file field, as a browser does. An empty name means that
// no file was chosen.
func (b *browser) sendUpload(path, name, file string, fields url.Values) *page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write([]byte(file)); err != nil {
		b.t.Fatal(err)
	}
	for key, values := range fields {
		if key == "file" {
			continue
		}
		for _, value := range values {
			if err := form.WriteField(key, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// paste submits pasted rows, with Lisbon as the time zone.
func (b *browser) paste(rows ...string) *page {
	b.t.Helper()
	return b.post("/imports", url.Values{"rows": {strings.Join(rows, "\n")}, "time_zone": {"Europe/Lisbon"}})
}

// runImports processes imports in the background until stop is called or the test ends.
func (s *site) runImports() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.desk.RunImports(ctx)
	}()
	stop = func() { cancel(); <-done }
	s.t.Cleanup(stop)
	return stop
}

func (b *browser) waitForImport(path string, state meeting.ImportState) *page {
	b.t.Helper()
	var id int64
	if _, err := fmt.Sscanf(path, "/imports/%d", &id); err != nil {
		b.t.Fatal(err)
	}
	for range 6000 { // two minutes; the limit only prevents the test from hanging
		i, err := b.store.Import(b.t.Context(), id)
		if err != nil {
			b.t.Fatal(err)
		}
		if i.State == state {
			return b.get(path)
		}
		time.Sleep(20 * time.Millisecond)
	}
	p := b.get(path)
	b.t.Fatalf("the import does not become %s:\n%s", state, p.text())
	return p
}

// checked submits the dry run's form with the given changes. The parameter act is the
// value of the pressed button.
func (b *browser) checked(p *page, act string, changes url.Values) *page {
	b.t.Helper()
	f := formFields(p.doc.Find(`form[action$="/check"]`))
	for name, values := range changes {
		f[name] = values
	}
	f.Set("act", act)
	return b.post(p.doc.Find(`form[action$="/check"]`).AttrOr("action", ""), f)
}

func day(s *site, days int) string { return s.now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }

// TestImport covers an import from the upload to the result, including a correction in the
// dry run.
func TestImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC0000004")).want(200)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "INC0000003")).want(200)
	before := len(s.graph.Requests())
	p := b.upload("exams.csv", "\ufeffTicket;Subject;Date;Start;End;Student\r\n"+
		"INC0000001;First;"+day(s, 1)+";10:00;10:30;0007\r\n"+
		"INC0000002;Second;"+day(s, 1)+";11:00;10:30;0008\r\n"+
		"INC0000003;Mine;"+day(s, 1)+";11:00;11:30;\r\n"+
		"inc 0000004;Theirs;"+day(s, 1)+";11:00;11:30;\r\n"+
		"INC0000001;Again;"+day(s, 1)+";12:00;12:30;\r\n"+
		"\r\n"+
		";No ticket;"+day(s, 1)+";12:00;12:30;\r\n", url.Values{"time_zone": {"Europe/Lisbon"}})
	p.want(200, "exams.csv", "1 meeting will be created, 2 exist already, 1 row left out, 2 rows have problems.", "These columns are ignored: Student.",
		"Row 3, End: The end must not be before the start", "Row 8, Ticket number: Enter the ticket number", "You have the meeting INC0000003.", "Tomás Oliveira has the meeting INC0000004.", "Row 2 of this table has the same ticket.")
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("the dry run sent %d requests to Microsoft", got-before)
	}
	p = b.checked(p, "check", url.Values{"r2.end": {"11:45"}, "r5.choice": {"another"}})
	p.want(200, "3 meetings will be created, 2 exist already, 1 row has problems.")
	s.runImports()
	p = b.checked(p, "start", nil)
	p.want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone).want(200, "exams.csv", "Completed", "5 of 5 processed", "INC0000001~2", "This row had a problem when the import was started.")
	for _, id := range []string{"INC0000001", "INC0000002", "INC0000001~2"} {
		if n := s.meetingsAt(id); n != 1 {
			t.Errorf("Microsoft has %d meetings for %s, want 1", n, id)
		}
	}
	if n := readColumn(t, s, `SELECT count(*) FROM import_rows WHERE request <> ''`); n != "0" {
		t.Errorf("%s rows that ended keep the request to Microsoft", n)
	}
	table, err := spreadsheet.ReadBytes([]byte(b.get(p.url.Path + "/result.xlsx").want(200).body))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range table.Rows {
		for i, cell := range row.Cells {
			if strings.HasPrefix(cell, "https://teams.microsoft.com/") {
				row.Cells[i] = "LINK"
			}
		}
		got = append(got, strings.Join(slices.Concat(row.Cells[:10], row.Cells[min(len(row.Cells), 15):min(len(row.Cells), 16)]), "|"))
	}
	want := []string{
		"Row|Ticket number|Subject|Date|Start|End|Time zone|Student|Outcome|Error|Join link",
		"2|INC0000001|First|" + day(s, 1) + "|10:00|10:30|Europe/Lisbon|0007|Created||LINK",
		"3|INC0000002|Second|" + day(s, 1) + "|11:00|11:45|Europe/Lisbon|0008|Created||LINK",
		"4|INC0000003|Mine|" + day(s, 1) + "|11:00|11:30|Europe/Lisbon||Found||LINK",
		"5|inc 0000004|Theirs|" + day(s, 1) + "|11:00|11:30|Europe/Lisbon||Found||LINK",
		"6|INC0000001~2|Again|" + day(s, 1) + "|12:00|12:30|Europe/Lisbon||Created||LINK",
		"8||No ticket|" + day(s, 1) + "|12:00|12:30|Europe/Lisbon||Left out|This row had a problem when the import was started.",
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("the result is\n%s\nwant\n%s", a, b)
	}
}

func (s *site) meetingsAt(externalID string) (n int) {
	for _, m := range s.graph.Meetings() {
		if m.ExternalID == externalID {
			n++
		}
	}
	return n
}

// addImport adds a draft import that belongs to the given person. It has one row for each
// ticket, or a single row if there are no tickets.
func (s *site) addImport(upn string, tickets ...string) {
	s.t.Helper()
	person, err := s.store.UserByUPN(s.t.Context(), upn)
	if err != nil {
		s.t.Fatal(err)
	}
	var rows []meeting.ImportRow
	for i, ticket := range append(tickets, "INC-import")[:max(1, len(tickets))] {
		form := url.Values{"external_id": {ticket}, "time_zone": {"UTC"}}
		rows = append(rows, meeting.ImportRow{Number: i + 2, Form: form.Encode(), ExternalID: ticket})
	}
	if _, err := s.store.AddImport(s.t.Context(), meeting.Import{User: person, TimeZone: "UTC"}, rows); err != nil {
		s.t.Fatal(err)
	}
}

func execute(t testing.TB, s *site, statement string) {
	t.Helper()
	db := enginetest.Connect(t, s.Dir)
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// TestImportsArePrivate checks that a draft is visible only to its owner. Other users get
// status 404, regardless of their role.
func TestImportsArePrivate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	path := b.paste("Ticket", "INC0000001").want(200).url.Path
	b.get(path).want(200, "1 meeting will be created")
	for _, upn := range []string{tomas, dana, alex} {
		other := s.signIn(upn)
		other.get(path).want(404, "Import not found")
		other.post(path+"/check", url.Values{"act": {"start"}}).want(404)
		other.post(path+"/remove", nil).want(404)
	}
	b.get(path).want(200, "1 meeting will be created")
	b.get(path + "/result.csv").want(404) // there is no result before the start
	b.post(path+"/remove", nil).want(200, "You have no imports yet.")
	b.get(path).want(404)
}

// TestMeetingLeadsToItsImport checks that a meeting's page links to its import only for
// administrators and for the person who started the import. An administrator can view the
// import, but cannot change it or download its result.
func TestMeetingLeadsToItsImport(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone)
	where := p.doc.Find(`td a[href^="/meetings/"]`).AttrOr("href", "")
	link := `.facts a[href="` + p.url.Path + `"]`
	if n := b.get(where).want(200, "ImportPasted rows Row 2 · Created").doc.Find(link).Length(); n != 1 {
		t.Errorf("%d links on the page of the meeting's organizer, want 1", n)
	}
	if n := s.signIn(dana).get(where).want(200).doc.Find(link).Length(); n != 0 {
		t.Errorf("the help desk's page has %d links to the import", n)
	}
	admin := s.signIn(alex)
	if n := admin.get(where).want(200).doc.Find(link).Length(); n != 1 {
		t.Errorf("%d links on an administrator's page, want 1", n)
	}
	shown := admin.get(p.url.Path).want(200, "Priya Nair started this import.", "BULK0000")
	if n := shown.doc.Find("main form, main a.button").Length(); n != 0 {
		t.Errorf("an administrator can press %d buttons on somebody else's import", n)
	}
	admin.get(p.url.Path + "/events").want(200)
	for _, path := range []string{"/result.csv", "/result.xlsx"} {
		admin.get(p.url.Path + path).want(404)
	}
	for _, act := range []string{"/pause", "/resume", "/cancel", "/retry", "/remove"} {
		admin.post(p.url.Path+act, nil).want(404)
	}
}

// rowsFor returns the lines of a table with n meetings tomorrow, each for another ticket.
func rowsFor(s *site, n int) (rows []string) {
	rows = []string{"Ticket\tDate\tStart\tMinutes"}
	for i := range n {
		rows = append(rows, fmt.Sprintf("BULK%04d\t%s\t10:00\t30", i, day(s, 1)))
	}
	return rows
}

// TestImportOutlivesItsSession checks that an import continues after its owner signs out.
// It pauses if an administrator signs the owner out.
func TestImportOutlivesItsSession(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 20)...).want(200), "start", nil).want(200)
	b.post("/auth/logout", nil).want(200)
	stop := s.runImports()
	again := s.signIn(priya)
	again.waitForImport(p.url.Path, meeting.ImportDone).want(200, "20 of 20 processed")
	if n := readColumn(t, s, `SELECT count(*) FROM grants`); n != "1" {
		t.Errorf("%s grants are left, want only that of the new session", n)
	}

	stop()
	p = again.checked(again.paste("Ticket", "BULK-A", "BULK-B").want(200), "start", nil)
	if err := s.store.SignOutPerson(t.Context(), 1, 1, 0); err != nil {
		t.Fatal(err)
	}
	s.runImports()
	third := s.signIn(priya)
	execute(t, s, `UPDATE imports SET created_at = 0`)
	for range 6 { // the paused import must stay visible
		s.addImport(priya)
	}
	third.get("/").want(200, "Paused", "0 of 2 processed", "An administrator signed you out.")
	third.press(third.get(p.url.Path).want(200, "Paused", "No row has failed because of this."), "Continue").want(200)
	third.waitForImport(p.url.Path, meeting.ImportDone).want(200, "2 of 2 processed")
}

// TestImportIsDoneOnce checks that an import continues after a restart of the desk, and
// that Graph has exactly one meeting per row at the end.
func TestImportIsDoneOnce(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	const rows = 60
	s := newSite(t)
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, rows)...).want(200), "start", nil).want(200)
	execute(t, s, `CREATE TABLE kept AS SELECT position, request FROM import_rows`)
	stop := s.runImports()
	for s.graph.MeetingCount() < rows/4 {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	if s.graph.MeetingCount() == rows {
		t.Skip("the import was faster than the test")
	}
	execute(t, s, `UPDATE import_rows SET state = 'running', lease_until = 0, request = (SELECT k.request FROM kept k WHERE k.position = import_rows.position) WHERE state = 'created' AND position % 2 = 0`) // as if the desk had crashed before it recorded the results of these rows
	s.runImports()
	b.waitForImport(p.url.Path, meeting.ImportDone).want(200, fmt.Sprintf("%d of %d processed", rows, rows))
	if n := s.graph.MeetingCount(); n != rows {
		t.Errorf("Microsoft has %d meetings, want %d", n, rows)
	}
	if n := readColumn(t, s, `SELECT count(*) FROM import_rows WHERE state = 'created'`); n != fmt.Sprint(rows) {
		t.Errorf("%s rows count as created, want %d:\n%s", n, rows, readColumn(t, s, `SELECT group_concat(DISTINCT state || ' ' || reason || args) FROM import_rows`))
	}
}

func TestImportWaits(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withSwitches(emulator.Switches{MaxPerSecond: 10}))
	s.runImports()
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, 30)...).want(200), "start", nil).want(200)
	b.waitForImport(p.url.Path, meeting.ImportDone).want(200, "30 of 30 processed")
	if n := readColumn(t, s, `SELECT count(*) FROM import_rows WHERE state = 'created'`); n != "30" {
		t.Errorf("%s rows are created, want 30", n)
	}
}

// TestAdministratorsManageImports checks that only administrators see, pause and cancel
// the imports of other users.
func TestAdministratorsManageImports(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, admin := s.signIn(priya), s.signIn(alex)
	admin.get("/admin/imports").want(200, "There are no imports.")
	p := b.checked(b.paste(rowsFor(s, 2)...).want(200), "start", nil).want(200)
	admin.press(admin.get("/admin/imports").want(200, "Pasted rows", "Priya Nair", "0 of 2 processed"), "Pause Pasted rows").want(200, "An administrator paused the import.")
	b.get(p.url.Path).want(200, "An administrator paused the import.")
	b.get("/imports").want(200, "An administrator paused the import.")
	for _, upn := range []string{tomas, dana} {
		other := s.signIn(upn)
		other.get("/admin/imports").want(403)
		other.post("/admin"+p.url.Path+"/cancel", nil).want(403)
	}
	b.press(b.get(p.url.Path), "Continue").want(200)
	b.press(b.get(p.url.Path), "Pause").want(200, "You paused the import.")
	for _, path := range []string{"/admin/imports", p.url.Path} { // not "You"
		admin.get(path).want(200, "Priya Nair paused the import.")
	}
	admin.press(admin.get("/admin/imports").want(200), "Cancel Pasted rows").want(200, "Cancelled", "An administrator cancelled the import.")
	admin.post("/admin"+p.url.Path+"/pause", nil).want(200, "Cancelled")
	admin.post("/admin/imports/987654/cancel", nil).want(404)
	for _, path := range []string{"/", "/imports", p.url.Path} {
		b.get(path).want(200, "Cancelled", "An administrator cancelled the import.")
	}
	if n := readColumn(t, s, `SELECT string_agg(action || ' ' || detail, ', ' ORDER BY audit.id) FROM audit JOIN users u ON u.id = user_id WHERE u.upn = '`+alex+`' AND action IN ('import.pause', 'import.cancel')`); n != "import.pause 1 import.administrator, import.cancel 1" {
		t.Errorf("the audit log has %q", n)
	}
}

func TestUploadsAreBounded(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	b := newSite(t).signIn(priya)
	file := "Ticket\n" + strings.Repeat("x", 2*spreadsheet.MaxSize+64<<10)
	b.upload("table.csv", file, nil).want(http.StatusRequestEntityTooLarge, "Upload too large")
}
