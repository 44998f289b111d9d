package web_test

import (
	"database/sql"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/store"
)

// table reads a page as CSV, the head apart: each row by the names of its columns.
func (p *page) table() (rows []map[string]string) {
	p.t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
	if err != nil || len(all) == 0 || all[0][0] != "id" {
		p.t.Fatalf("%s: no table, %v:\n%.500s", p.url, err, p.body)
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

// column is one of the table's columns.
func (p *page) column(name string) (cells []string) {
	for _, row := range p.table() {
		cells = append(cells, row[name])
	}
	return cells
}

func TestHistoryAsATable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	b.post("/meetings", s.form("subject", `Zażółć, "gęślą" jaźń; 3 'o clock`, "attendees", "Ana Conceição <alex@contoso.example> presenter\ndana@contoso.example")).want(200, "Created")
	o.post("/meetings", s.form("external_id", "TOM-1", "subject", "Impressora", "attendees", "")).want(200, "Created")
	m := newest(t, s, "INC0012345")
	p := b.get("/history.csv").want(200)
	if kind, name := p.header.Get("Content-Type"), p.header.Get("Content-Disposition"); kind != "text/csv; charset=utf-8" || name != `attachment; filename="meetings-`+s.now().UTC().Format(time.DateOnly)+`.csv"` || strings.HasPrefix(p.body, "\ufeff") {
		t.Errorf("%s, %s, begins with %.3q", kind, name, p.body)
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
		t.Fatalf("the rows are %q", rows)
	}
	for name, cell := range want {
		if got := rows[0][name]; got != cell {
			t.Errorf("%s is %q, want %q", name, got, cell)
		}
	}
	if strings.Contains(p.body, m.Passcode) {
		t.Error("the passcode is in the table")
	}
	if p := b.get("/history.csv?bom=1").want(200); !strings.HasPrefix(p.body, "\ufeffid,") || len(p.table()) != 1 {
		t.Errorf("with a mark it begins with %.5q", p.body)
	}
	for path, want := range map[string]string{"/history.csv?whose=all": "1", "/history.csv?whose=" + tomas: "1", "/history.csv?q=impressora": "", "/history.csv?q=gesla": "1", "/history.csv?q=%23%23": "", "/history.csv?state=past": ""} {
		if got := strings.Join(b.get(path).want(200).column("id"), " "); got != want {
			t.Errorf("%s has %q, want %q: staff take away what is theirs", path, got, want)
		}
	}
	for path, want := range map[string]string{"/history.csv": "2 1", "/history.csv?whose=mine": "", "/history.csv?whose=nobody@contoso.example": "", "/history.csv?q=tom&bom=1": "2"} {
		if got := strings.Join(d.get(path).want(200).column("id"), " "); got != want {
			t.Errorf("the help desk: %s has %q, want %q", path, got, want)
		}
	}
	for _, q := range []string{m.JoinURL, m.ConferenceID, m.ExternalID} { // what is named exactly, once each
		if got := strings.Join(b.get("/history.csv?"+urlQuery("q", q)).want(200).column("id"), " "); got != "1" {
			t.Errorf("%q: %q, want the one meeting", q, got)
		}
	}
	lines := audit(t, s)
	for _, want := range []string{priya + " history.export 0 ", priya + " history.export 0 gesla", priya + " history.export 0 state=past", dana + " history.export 0 ", dana + " history.export 0 tom", dana + " history.export 0 whose=mine"} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in the audit:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if len(lines) != 15 {
		t.Errorf("%d lines are in the audit, want one for each table:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}

// No cell is a formula, and none breaks the table.
func TestCellsOfTheTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for subject, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r'=1", "\n=1": "'\n'=1", "a;=1": "a;'=1", "a;\t=1": "a;'\t=1", "＝1": "'＝1", "－": "'－", `a;"=1";+1; -1`: `a;'"=1";'+1; -1`, "a\n@b;;=": "a\n'@b;;'=", `=HYPERLINK("http://evil.example","x")`: `'=HYPERLINK("http://evil.example","x")`,
		"1-1": "1-1", "a=1": "a=1", "": "", "'=1": "'=1", "two\nlines": "two\nlines", "two\r\nlines": "two\nlines", `"`: `"`, `a,b;"c"`: `a,b;"c"`, "ü ß 日本 😀": "ü ß 日本 😀", " x ": " x ", "x\x00y": "x\x00y",
	} {
		inDatabase(t, s, `UPDATE meetings SET subject = $1, external_id = $1`, subject)
		inDatabase(t, s, `UPDATE attendees SET name = $1`, subject)
		row := b.get("/history.csv").want(200).table()[0]
		if row["subject"] != want || row["external_id"] != want {
			t.Errorf("%q becomes %q and %q, want %q", subject, row["subject"], row["external_id"], want)
		}
		if cell := row["attendees"]; cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Errorf("%q makes the attendees %q", subject, cell)
		}
	}
}

// manyRows makes meetings behind the store's back, Priya's and Tomás's in turn, with
// subjects of that length, and without the index of words.
func manyRows(t *testing.T, s *site, n, length int) {
	t.Helper()
	s.signIn(priya)
	s.signIn(tomas)
	inDatabase(t, s, `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < $1)
		INSERT INTO meetings (organizer_id, maker_id, external_id, subject, state, origin, start_at, end_at, created_at, updated_at)
		SELECT 1 + n % 2, 1, 'INC' || n, substr(replace(hex(zeroblob($2)), '00', 'x'), 1, $2), CASE n % 5 WHEN 0 THEN 'removed' ELSE 'live' END, 'created', 1e12 + n * 7919 % 1000 * 60000, 1e12 + n * 60000 + 1, 1e12 + n, 1e12 FROM count`, n, length)
	inDatabase(t, s, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings`)
}

// A long table comes in parts, and holds all rows of the list in their order.
func TestALongTable(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSite(t)
	manyRows(t, s, 10_100, 10)
	b, d := s.signIn(priya), s.signIn(dana)
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, tt := range []struct {
		who         *browser
		query, want string // what follows SELECT id FROM meetings
	}{
		{d, "", "ORDER BY id DESC"}, {b, "", "WHERE organizer_id = 1 ORDER BY id DESC"},
		{d, "?state=removed", "WHERE state = 'removed' ORDER BY id DESC"}, {d, "?sort=start", "ORDER BY start_at DESC, id DESC"}, {b, "?sort=start&state=past", "WHERE organizer_id = 1 AND state = 'live' ORDER BY start_at DESC, id DESC"},
		{d, "?whose=" + tomas + "&state=past", "WHERE organizer_id = 2 AND state = 'live' ORDER BY id DESC"}, {d, "?state=past", "WHERE state = 'live' ORDER BY id DESC"}, {d, "?before=50&after=7", "ORDER BY id DESC"},
	} {
		var want string
		if err := db.QueryRow(`SELECT group_concat(id, ' ') FROM (SELECT id FROM meetings ` + tt.want + `)`).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(tt.who.get("/history.csv"+tt.query).want(200).column("id"), " "); got != want {
			t.Errorf("%q has\n%.200s\nwant\n%.200s", tt.query, got, want)
		}
	}

	// The same list on a page: counted as far as that is cheap.
	d.get("/history").want(200, "More than 10,000 meetings.")
	b.get("/history").want(200, "5,050 meetings.")
	inDatabase(t, s, `UPDATE meetings SET end_at = 4e12 WHERE id <= 30`)
	p := d.get("/history?state=upcoming&sort=created").want(200, "looked as far as")
	wantRows(t, p)
	if older := d.get(p.doc.Find(`a[rel="next"]`).AttrOr("href", "")).want(200); len(rowIDs(older)) != 24 {
		t.Errorf("older pages have %s", rowIDs(older))
	}
	if ids := d.get("/history.csv?state=upcoming&sort=created").want(200).column("id"); len(ids) != 24 {
		t.Errorf("the table has %s", ids)
	}
	if deep := d.get(p.doc.Find(".looked a").AttrOr("href", "")).want(200); len(rowIDs(deep)) != 24 || deep.doc.Find(".looked").Length() != 0 {
		t.Errorf("looking everywhere has %s", rowIDs(deep))
	}
	inDatabase(t, s, `INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) SELECT id, '', 'word', '', '', '' FROM meetings`)
	wantRows(t, d.get("/history?q=word&state=upcoming").want(200, "Only the newest 1,000 matches were looked through"))
}

// slowly asks for the table and takes little of it: the rest is more than any
// buffer on the way holds.
func (b *browser) slowly(path string) *http.Response {
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
	time.Sleep(200 * time.Millisecond) // until the buffers are full
	return resp
}

// checkpoint reports whether the write-ahead log could be emptied.
func checkpoint(t *testing.T, s *site) bool {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var busy, log, done int
	if err := db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done); err != nil {
		t.Fatal(err)
	}
	return busy == 0
}

// Who reads a table slowly holds nothing up, and gets all of it.
func TestASlowReaderOfATable(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSite(t)
	manyRows(t, s, 3_300, 8_000)
	resp := s.signIn(dana).slowly("/history.csv")
	b := s.signIn(priya)
	for _, id := range []string{"NEW-1", "NEW-2"} {
		b.post("/meetings", s.form("external_id", id)).want(200, "Created")
		// A part may be being read at this moment; whoever waits for the reader holds nothing.
		for deadline := time.Now().Add(20 * time.Second); !checkpoint(t, s); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the reader holds the write-ahead log")
			}
		}
	}
	rest, err := io.ReadAll(resp.Body)
	if n := strings.Count(string(rest), "xxx\"") + strings.Count(string(rest), "xxx,"); err != nil || n < 3_290 {
		t.Errorf("%d rows came, %v", n, err)
	}
	if strings.Contains(s.Log.String(), "export broken off") {
		t.Error("it is logged as broken off")
	}
}

// A table that cannot be finished does not look whole.
func TestATableThatBreaksOff(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSite(t)
	manyRows(t, s, 3_300, 8_000)
	d := s.signIn(dana)
	broken := func() bool { return strings.Contains(s.Log.String(), "export broken off") }
	t.Run("the reader goes", func(t *testing.T) {
		d.slowly("/history.csv").Body.Close()
		for since := time.Now(); !broken(); time.Sleep(5 * time.Millisecond) {
			if time.Since(since) > 10*time.Second {
				t.Fatalf("it goes on:\n%s", s.Log.String())
			}
		}
		if !checkpoint(t, s) {
			t.Error("it is read on")
		}
		d.get("/history").want(200)
	})
	t.Run("the database fails", func(t *testing.T) {
		resp := d.slowly("/history.csv")
		inDatabase(t, s, `ALTER TABLE attendees RENAME TO gone`)
		if rest, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes it ends with %v", len(rest), err)
		}
		if !strings.Contains(s.Log.String(), "no such table") {
			t.Errorf("why is not logged:\n%s", s.Log.String())
		}
	})
	t.Run("before anything was sent", func(t *testing.T) {
		p := d.get("/history.csv").want(500)
		wantErrorPage(t, p)
		if kind := p.header.Get("Content-Type"); kind != "text/html; charset=utf-8" || p.header.Get("Content-Disposition") != "" {
			t.Errorf("the error page is %s, %s", kind, p.header.Get("Content-Disposition"))
		}
	})
}
