package web_test

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// table parses the response as CSV. It returns the rows after the header, each as a map
// from column name to cell.
func (p *page) table() (rows []map[string]string) {
	p.t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
	if err != nil || len(all) == 0 || all[0][0] != "id" {
		p.t.Fatalf("%s is not a CSV export (%v):\n%.500s", p.url, err, p.body)
	}
	for _, cells := range all[1:] {
		row := make(map[string]string)
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *page) column(name string) (cells []string) {
	for _, row := range p.table() {
		cells = append(cells, row[name])
	}
	return cells
}

func TestHistoryCSV(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	b.post("/meetings", s.form("subject", `Zażółć, "gęślą" jaźń; 3 'o clock`, "attendees", "Ana Conceição <alex@contoso.example> presenter\ndana@contoso.example")).want(200, "Created")
	o.post("/meetings", s.form("external_id", "TOM-1", "subject", "Impressora", "attendees", "")).want(200, "Created")
	m := newest(t, s, "INC0012345")
	p := b.get("/history.csv").want(200)
	if kind, name := p.header.Get("Content-Type"), p.header.Get("Content-Disposition"); kind != "text/csv; charset=utf-8" || name != `attachment; filename="meetings-`+s.now().UTC().Format(time.DateOnly)+`.csv"` || strings.HasPrefix(p.body, "\ufeff") {
		t.Errorf("Content-Type %s, Content-Disposition %s, the body begins with %.3q", kind, name, p.body)
	}
	wantStrict(t, p)
	want := map[string]string{
		"id": "1", "external_id": "INC0012345", "subject": m.Subject, "state": "live", "origin": "created", "start": m.Start.Format(time.RFC3339), "end": m.End.Format(time.RFC3339),
		"organizer": "Priya Nair", "organizer_upn": priya, "maker": "Priya Nair", "maker_upn": priya, "created_at": m.CreatedAt.Format(time.RFC3339), "time_zone": "Europe/Lisbon",
		"attendees": "Ana Conceição <alex@contoso.example> presenter; dana@contoso.example", "join_url": m.JoinURL, "meeting_id": m.JoinMeetingID, "conference_id": m.ConferenceID,
		"toll_number": "'" + m.TollNumber, "toll_free_number": "", "thread_id": m.ThreadID, "graph_id": m.GraphID,
	}
	rows := p.table()
	if len(rows) != 1 || len(rows[0]) != len(want) {
		t.Fatalf("the export has the rows %q", rows)
	}
	for name, cell := range want {
		if got := rows[0][name]; got != cell {
			t.Errorf("%s is %q, want %q", name, got, cell)
		}
	}
	if strings.Contains(p.body, m.Passcode) {
		t.Error("the export contains the passcode")
	}
	if p := b.get("/history.csv?bom=1").want(200); !strings.HasPrefix(p.body, "\ufeffid,") || len(p.table()) != 1 {
		t.Errorf("with bom=1 the export begins with %.5q", p.body)
	}
	for path, want := range map[string]string{"/history.csv?whose=all": "1", "/history.csv?whose=" + tomas: "1", "/history.csv?q=impressora": "", "/history.csv?q=gesla": "1", "/history.csv?q=%23%23": "", "/history.csv?state=past": ""} {
		if got := strings.Join(b.get(path).want(200).column("id"), " "); got != want {
			t.Errorf("%s has the IDs %q, want %q: staff export only their own meetings", path, got, want)
		}
	}
	for path, want := range map[string]string{"/history.csv": "2 1", "/history.csv?whose=mine": "", "/history.csv?whose=nobody@contoso.example": "", "/history.csv?q=tom&bom=1": "2"} {
		if got := strings.Join(d.get(path).want(200).column("id"), " "); got != want {
			t.Errorf("help desk: %s has the IDs %q, want %q", path, got, want)
		}
	}
	for _, q := range []string{m.JoinURL, m.ConferenceID, m.ExternalID} { // an exact match appears only once
		if got := strings.Join(b.get("/history.csv?"+urlQuery("q", q)).want(200).column("id"), " "); got != "1" {
			t.Errorf("searching for %q exports the IDs %q, want 1", q, got)
		}
	}
	lines := audit(t, s)
	for _, want := range []string{priya + " history.export 0 ", priya + " history.export 0 gesla", priya + " history.export 0 state=past", dana + " history.export 0 ", dana + " history.export 0 tom", dana + " history.export 0 whose=mine"} {
		if !slices.Contains(lines, want) {
			t.Errorf("the audit log lacks %q:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if len(lines) != 2*15 {
		t.Errorf("the audit log has %d lines, want 30, two for each export:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	if rows := readColumn(t, s, `SELECT count FROM audit WHERE action = 'history.export_end' AND detail = 'tom'`); rows != "1" {
		t.Errorf("the audit log has %s rows for an export of one", rows)
	}
}

// No cell of the export is a formula or breaks the CSV syntax.
func TestCSVCellsAreNotFormulas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for subject, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "'\r'=1", "\n=1": "'\n'=1", "a;=1": "a;'=1", "a;\t=1": "a;'\t'=1", "a\t=2+2": "a\t'=2+2", "a,=1,\"@b": "a,'=1,'\"@b", "a|-1": "a|'-1", "a\t|+1": "a\t|'+1", "＝1": "'＝1", "－": "'－", `a;"=1";+1; -1`: `a;'"=1";'+1; -1`, "a\n@b;;=": "a\n'@b;;'=", `=HYPERLINK("http://evil.example","x")`: `'=HYPERLINK("http://evil.example","x")`,
		"1-1": "1-1", "a=1": "a=1", "": "", "'=1": "'=1", "two\nlines": "two\nlines", "two\r\nlines": "two\nlines", `"`: `"`, `a,b;"c"`: `a,b;"c"`, "ü ß 日本 😀": "ü ß 日本 😀", " x ": " x ", "tab\tand, comma; -5 | pipe": "tab\tand, comma; -5 | pipe", "mon-fri, 9-10": "mon-fri, 9-10", "x\x00y": "x\x00y",
	} {
		want = enginetest.Stored(want)
		inDatabase(t, s, `UPDATE meetings SET subject = $1, external_id = $1`, subject)
		inDatabase(t, s, `UPDATE attendees SET name = $1`, subject)
		row := b.get("/history.csv").want(200).table()[0]
		if row["subject"] != want || row["external_id"] != want {
			t.Errorf("%q becomes the subject %q and the external ID %q, want %q", subject, row["subject"], row["external_id"], want)
		}
		if cell := row["attendees"]; cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Errorf("%q gives the attendees cell %q", subject, cell)
		}
	}
}

// insertMeetings inserts n meetings into the database, organized by Priya and Tomás. Their
// subjects have the given length. The search index stays empty.
func insertMeetings(t *testing.T, s *site, n, length int) {
	t.Helper()
	s.signIn(priya)
	s.signIn(tomas)
	inDatabase(t, s, `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < $1)
		INSERT INTO meetings (id, organizer_id, maker_id, external_id, subject, state, origin, start_at, end_at, created_at, updated_at)
		SELECT n, 1 + n % 2, 1, 'INC' || n, $2, CASE n % 5 WHEN 0 THEN 'removed' ELSE 'live' END, 'created', 1e12 + n * 7919 % 1000 * 60000, 1e12 + n * 60000 + 1, 1e12 + n, 1e12 FROM count`, n, strings.Repeat("x", length))
	inDatabase(t, s, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings`)
}

// A long export is read in parts. It contains every row, in the order of the list.
func TestLongCSV(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t)
	t.Parallel()
	s := newSite(t)
	insertMeetings(t, s, 10_100, 10)
	b, d := s.signIn(priya), s.signIn(dana)
	db := enginetest.Connect(t, s.Dir)
	defer db.Close()
	for _, tt := range []struct {
		who         *browser
		query, want string // want is the SQL that follows SELECT id FROM meetings
	}{
		{d, "", "ORDER BY start_at DESC, id DESC"}, {d, "?sort=created", "ORDER BY id DESC"}, {b, "?sort=created", "WHERE organizer_id = 1 ORDER BY id DESC"},
		{d, "?state=removed", "WHERE state = 'removed' ORDER BY id DESC"}, {d, "?sort=start", "ORDER BY start_at DESC, id DESC"}, {b, "?sort=start&state=past", "WHERE organizer_id = 1 AND state = 'live' ORDER BY start_at DESC, id DESC"},
		{d, "?whose=" + tomas + "&state=past", "WHERE organizer_id = 2 AND state = 'live' ORDER BY start_at DESC, id DESC"}, {d, "?state=past&sort=created", "WHERE state = 'live' ORDER BY id DESC"}, {d, "?before=50&after=7&sort=created", "ORDER BY id DESC"},
	} {
		var want string
		if err := db.QueryRow(`SELECT string_agg(CAST(id AS TEXT), ' ') FROM (SELECT id FROM meetings ` + tt.want + `) AS list`).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(tt.who.get("/history.csv"+tt.query).want(200).column("id"), " "); got != want {
			t.Errorf("%q has the IDs\n%.200s\nwant\n%.200s", tt.query, got, want)
		}
	}

	// The caption of the list counts only up to 10,000 meetings.
	d.get("/history").want(200, "More than 10,000 meetings.")
	b.get("/history").want(200, "5,050 meetings.")
	inDatabase(t, s, `UPDATE meetings SET end_at = 4e12 WHERE id <= 30`)
	p := d.get("/history?state=upcoming&sort=created").want(200, "Searched back to")
	wantRows(t, p)
	if older := d.get(p.doc.Find(`a[rel="next"]`).AttrOr("href", "")).want(200); len(rowIDs(older)) != 24 {
		t.Errorf("the page of older meetings has the IDs %s, want 24", rowIDs(older))
	}
	if ids := d.get("/history.csv?state=upcoming&sort=created").want(200).column("id"); len(ids) != 24 {
		t.Errorf("the export has the IDs %s, want 24", ids)
	}
	if deep := d.get(p.doc.Find(".looked a").AttrOr("href", "")).want(200); len(rowIDs(deep)) != 24 || deep.doc.Find(".looked").Length() != 0 {
		t.Errorf("the full search has the IDs %s, want 24", rowIDs(deep))
	}
	index := `INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) SELECT id, '', 'word', '', '', '' FROM meetings`
	if postgrestest.Wanted() {
		index = `INSERT INTO meetings_fts (meeting_id, external_id, subject, organizer, attendees, words) SELECT id, '', ' word ', '', '', '0.word word'::tsvector FROM meetings`
	}
	inDatabase(t, s, index)
	wantRows(t, d.get("/history?q=word&state=upcoming").want(200, "Only the newest 1,000 matches were searched"))
}

// startDownload requests an export and reads only its first 10,000 bytes. The export must be
// larger than all buffers together, so that the handler blocks.
func (b *browser) startDownload(path string) *http.Response {
	b.t.Helper()
	transport := &http.Transport{DisableCompression: true}
	b.t.Cleanup(transport.CloseIdleConnections)
	resp, err := (&http.Client{Jar: b.client.Jar, Transport: transport}).Get(b.url + path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { resp.Body.Close() })
	if _, err := io.ReadFull(resp.Body, make([]byte, 10_000)); err != nil || resp.StatusCode != 200 {
		b.t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	time.Sleep(200 * time.Millisecond) // lets the buffers fill up
	return resp
}

// checkpoint tries to truncate the write-ahead log. It returns false if a reader prevents
// this.
func checkpoint(t *testing.T, s *site) bool {
	t.Helper()
	enginetest.SQLiteOnly(t, "PostgreSQL's log does not wait for readers")
	db := enginetest.Connect(t, s.Dir)
	defer db.Close()
	var busy, log, done int
	if err := db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done); err != nil {
		t.Fatal(err)
	}
	return busy == 0
}

// A slow client does not prevent the truncation of the write-ahead log, and it still
// receives the whole export.
func TestSlowCSVClient(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	insertMeetings(t, s, 3_300, 8_000)
	resp := s.signIn(dana).startDownload("/history.csv")
	b := s.signIn(priya)
	for _, id := range []string{"NEW-1", "NEW-2"} {
		b.post("/meetings", s.form("external_id", id)).want(200, "Created")
		// The checkpoint can fail while the export reads a part, but not while the export
		// waits for the client.
		for deadline := time.Now().Add(2 * time.Minute); !checkpoint(t, s); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the export blocks the write-ahead log")
			}
		}
	}
	rest, err := io.ReadAll(resp.Body)
	if n := strings.Count(string(rest), "xxx\"") + strings.Count(string(rest), "xxx,"); err != nil || n < 3_290 {
		t.Errorf("the client received %d rows, want at least 3290 (%v)", n, err)
	}
	if strings.Contains(s.Log.String(), "export broken off") {
		t.Error("the log says that the complete export broke off")
	}
}

// An export that fails midway must not look complete.
func TestCSVBreaksOff(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, func(s *siteSettings) { s.stall = time.Hour }) // so that no export ends because its client stalls
	insertMeetings(t, s, 3_300, 8_000)
	d := s.signIn(dana)
	logged := func() bool { return strings.Contains(s.Log.String(), "export broken off") }
	t.Run("client disconnects", func(t *testing.T) {
		d.startDownload("/history.csv").Body.Close()
		eventually(t, "the export stops after the client disconnects", logged)
		if !checkpoint(t, s) {
			t.Error("the stopped export still blocks the write-ahead log")
		}
		if lines := audit(t, s); lines[len(lines)-1] != dana+" history.export_cut 0 " {
			t.Errorf("the audit log ends with %q, want an export that was cut off", lines[len(lines)-1])
		}
		if rows := readColumn(t, s, `SELECT count BETWEEN 1 AND 3299 FROM audit WHERE action = 'history.export_cut'`); rows != "1" {
			t.Error("the audit log has another number of rows than the client can have received")
		}
		d.get("/history").want(200)
	})
	t.Run("database fails midway", func(t *testing.T) {
		resp := d.startDownload("/history.csv")
		inDatabase(t, s, `ALTER TABLE attendees RENAME TO renamed_attendees`)
		if rest, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the download ends with %v after %d more bytes, want an unexpected EOF", err, len(rest))
		}
		if text := s.Log.String(); !strings.Contains(text, "no such table") && !strings.Contains(text, `relation \"attendees\" does not exist`) {
			t.Errorf("the log lacks the database error:\n%s", s.Log.String())
		}
	})
	t.Run("database fails before the first byte", func(t *testing.T) {
		p := d.get("/history.csv").want(500)
		wantErrorPage(t, p)
		if kind := p.header.Get("Content-Type"); kind != "text/html; charset=utf-8" || p.header.Get("Content-Disposition") != "" {
			t.Errorf("the error page has Content-Type %s and Content-Disposition %q", kind, p.header.Get("Content-Disposition"))
		}
	})
}
