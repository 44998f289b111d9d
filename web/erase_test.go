package web_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// zoe is the person whom these tests erase. No other test data contains her name, address
// or ID.
var zoe = emulator.Person{ObjectID: "5eb1ab0e-7e57-4bad-8bad-aaaaaaaaaaaa", UPN: "zebulonia@contoso.example", Name: "Zoë Quartzmeier", Roles: []string{"Meetdesk.HelpDesk"}}

// traces matches zoe's name, address and object ID, in plain or escaped form.
var traces = regexp.MustCompile(`(?i)zebulonia|quartzmei|5eb1ab0e|zo(ë|e\x{308}|%c3%ab|\\u00eb)`)

// TestErase looks for traces of an erased person in every column, in the full-text index
// and, with SQLite, in the bytes of the database file.
func TestErase(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withPeople(zoe), withScopes(basicScope))
	p, z, d, a := s.signIn(priya), s.signIn(zoe.UPN), s.signIn(dana), s.signIn(alex)
	own, theirs := useEverything(t, s, p, z, d, a)
	id := readColumn(t, s, `SELECT id FROM users WHERE upn = '`+zoe.UPN+`'`)
	others := readColumn(t, s, `SELECT string_agg(name || upn || oid, '' ORDER BY id) FROM users WHERE id <> `+id)
	meetings, entries := readColumn(t, s, `SELECT count(*) FROM meetings`), readColumn(t, s, `SELECT count(*) FROM audit`)

	found := findTraces(t, s)
	places := []string{"users.name", "users.oid", "meetings.subject", "meetings.external_id", "attendees.upn", "attempts.asked_packed", "replies.packed", "notes.body", "audit.detail", "presets.name",
		"imports.title", "imports.unknown", "import_rows.form", "import_extras.cells", "import_rows.request", "import_rows.external_id", "import_rows.ticket_key", "meetings_fts"}
	if !postgrestest.Wanted() {
		places = append(places, "meetings_fts_data")
	}
	for _, place := range places {
		if !slices.Contains(found, place) {
			t.Errorf("before the erasure, %s has no trace, so this test does not show that it is erased: %q", place, found)
		}
	}

	page := a.post("/admin/retention/person", url.Values{"who": {"quartzmeier"}}).want(200, "Zoë Quartzmeier", "organizes 4 meetings", "has 1 session")
	if strings.Contains(page.url.RawQuery, "quartz") {
		t.Errorf("the URL is %s", page.url)
	}
	wantExport(t, a, id, found)
	a.post("/admin/retention/erase", url.Values{"person": {id}, "confirm": {"yes"}, "texts": {"Zeb"}}).want(422, "What you typed differs", "Zeb")
	d.post("/admin/retention/erase", url.Values{"person": {id}, "confirm": {zoe.UPN}}).want(403)
	z.get("/history").want(200)
	a.post("/admin/retention/erase", url.Values{"person": {id}, "confirm": {strings.ToUpper(zoe.UPN)}}).want(200, "Erased person 1")
	if n := readColumn(t, s, `SELECT count(*) FROM sessions WHERE user_id = `+id); n != "0" {
		t.Errorf("the person still has %s sessions", n)
	}
	finishRetention(t, s)

	if found := findTraces(t, s); len(found) > 0 {
		t.Errorf("traces are left in %q", found)
	}
	if now := readColumn(t, s, `SELECT string_agg(name || upn || oid, '' ORDER BY id) FROM users WHERE id <> `+id); now != others {
		t.Errorf("other people were changed: %s, before %s", now, others)
	}
	if now := readColumn(t, s, `SELECT count(*) FROM meetings`); now != meetings {
		t.Errorf("%s meetings, before %s", now, meetings)
	}
	if now := readColumn(t, s, `SELECT count(*) FROM audit`); now < entries {
		t.Errorf("%s audit entries, before %s", now, entries)
	}
	a.get("/admin/audit?person="+id).want(200, "Erased person 1", "Created a meeting")
	a.get(fmt.Sprintf("/meetings/%d", own)).want(200, "Erased person 1", "laptop")
	a.get(fmt.Sprintf("/meetings/%d", theirs)).want(200, "Erased person 1", "tomas@contoso.example")
	a.get("/history?list=1&q="+url.QueryEscape("Erased person")).want(200, "INC100")
	a.get("/admin/retention").want(200, "Done")

	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	// These files exist only with SQLite. PostgreSQL leaves deleted data on disk until it
	// overwrites it.
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		file, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			continue
		}
		for _, at := range traces.FindAllIndex(file, 3) {
			t.Errorf("%s has %q at byte %d", name, file[max(0, at[0]-60):min(len(file), at[1]+60)], at[0])
		}
	}
}

// useEverything uses every feature that stores data about zoe, as zoe (z) and as her
// colleagues. It returns the IDs of a meeting that she organizes and of one to which she
// is invited.
func useEverything(t *testing.T, s *site, p, z, d, a *browser) (own, theirs int64) {
	z.post("/meetings", s.form("external_id", "INC100", "subject", "Zoë Quartzmeier’s laptop", "attendees", priya)).want(200)
	own = newest(t, s, "INC100").ID
	z.post(fmt.Sprintf("/meetings/%d/note", own), url.Values{"note_text": {"Ask ZOE QUARTZMEIER or Quartzmeier, Zoë at zebulonia@contoso.example"}}).want(200)
	z.post(fmt.Sprintf("/meetings/%d/sent", own), url.Values{"sent_to": {"zebulonia@contoso.example"}}).want(200)
	z.get("/history?q=quartzmeier").want(200)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 400, Code: "BadRequest", Message: "zebulonia@contoso.example has no license"})
	z.post("/meetings", s.form("external_id", "INC101")).want(200)

	p.post("/meetings", s.form("external_id", "INC200", "subject", "With Quartzmeier, Zoe", "attendees", "Zoë Quartzmeier <zebulonia@contoso.example>\n"+tomas)).want(200)
	theirs = newest(t, s, "INC200").ID
	z.post(fmt.Sprintf("/meetings/%d/hand-over", theirs), url.Values{"external_id": {"INC200"}})
	p.post("/meetings", s.form("external_id", "Zoë Quartzmeier 7", "subject", "x")).want(200)
	p.post("/people", url.Values{"q": {"quartz"}})
	d.get("/history?q=quartzm").want(200)
	d.get("/history?q=zebulonia%40contoso.example").want(200)
	d.get(fmt.Sprintf("/meetings/%d", own)).want(200)
	d.get("/history?whose=" + zoe.UPN).want(200)
	a.post("/admin/presets", url.Values{"name": {"Zoë Quartzmeier’s queue"}, "subject": {"For zebulonia@contoso.example"}}).want(200)
	a.post(fmt.Sprintf("/meetings/%d/end-access", theirs), url.Values{"person": {readColumn(t, s, `SELECT id FROM users WHERE upn = '`+zoe.UPN+`'`)}})
	z.post("/preferences", url.Values{"theme": {"dark"}})
	importAbout(s, p, "Zoë Quartzmeier")
	importAbout(s, z, "Quartzmeier Zoe")
	return own, theirs
}

// importAbout imports a table with zoe's name or address in several columns and in a
// heading. Microsoft refuses one row with a message that contains her address.
func importAbout(s *site, b *browser, name string) {
	b.t.Helper()
	stop := s.runImports()
	defer stop()
	s.graph.FailNext(createRoute, emulator.Failure{Status: 400, Code: "BadRequest", Message: "zebulonia@contoso.example has no license"})
	p := b.upload(name+".csv", "External ID,Subject,Date,Start,End,People,Called by Zoë Quartzmeier\n"+
		name+" 1,For Zoe Quartzmeier,"+day(s, 1)+",10:00,10:30,zebulonia@contoso.example,ask Zoë Quartzmeier\n"+
		name+" 2,x,"+day(s, 1)+",11:00,11:30,zebulonia@contoso.example,\n", url.Values{"time_zone": {"Europe/Lisbon"}}).want(200, "2 meetings will be created")
	p = b.checked(p, "start", nil)
	b.waitForImport(p.url.Path, meeting.ImportDone)
}

// finishRetention runs all pending retention tasks.
func finishRetention(t *testing.T, s *site) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go s.store.KeepRetention(ctx, func(err error) { t.Error(err) })
	for ctx.Err() == nil && readColumn(t, s, `SELECT count(*) FROM retention_tasks WHERE done_at IS NULL`) != "0" {
		time.Sleep(20 * time.Millisecond)
	}
	if ctx.Err() != nil {
		t.Fatal("retention does not end")
	}
}

// wantExport checks that the person's export covers every table in which traces were
// found, and that it contains no secrets.
func wantExport(t *testing.T, a *browser, id string, found []string) {
	t.Helper()
	page := a.post("/admin/retention/export", url.Values{"person": {id}}).want(200)
	var records []store.PersonalRecord
	if err := json.Unmarshal([]byte(page.body), &records); err != nil {
		t.Fatalf("%v: %s", err, page.body)
	}
	tables := make(map[string]bool)
	for _, r := range records {
		tables[r.Table] = true
	}
	for _, place := range found {
		if table, _, _ := strings.Cut(place, "."); !tables[table] && !strings.HasPrefix(table, "meetings_fts") {
			t.Errorf("the download has nothing from %s", table)
		}
	}
	if strings.Contains(page.body, `"hash"`) || strings.Contains(page.body, `"tokens"`) {
		t.Error("the download has secrets")
	}
}

// findTraces searches all tables and returns the columns in which it found a trace of the
// person. It unpacks compressed columns and reads every word of the full-text index.
func findTraces(t *testing.T, s *site) (found []string) {
	t.Helper()
	if err := s.store.FlushAudit(t.Context()); err != nil {
		t.Fatal(err)
	}
	db := enginetest.Connect(t, s.Dir)
	defer db.Close()
	db.SetMaxOpenConns(1)
	tables := enginetest.Tables(t, db)
	if !postgrestest.Wanted() { // SQLite's index is read below
		tables = slices.DeleteFunc(tables, func(table string) bool { return strings.HasPrefix(table, "meetings_fts") })
	}
	for _, table := range tables {
		each(t, db, `SELECT * FROM `+table, func(columns []string, values []any) {
			for i, column := range columns {
				text := fmt.Sprint(values[i])
				if bytes, ok := values[i].([]byte); ok {
					text = string(bytes)
				}
				if table == "replies" && column == "packed" && values[i] != nil {
					reply, err := s.store.Reply(t.Context(), values[slices.Index(columns, "id")].(int64))
					if err != nil {
						t.Fatal(err)
					}
					text = string(reply.Raw)
				}
				if packed, ok := values[i].([]byte); ok && column == "asked_packed" {
					asked, err := store.UnpackAsked(packed)
					if err != nil {
						t.Fatal(err)
					}
					text = string(asked)
				}
				place := table + "." + column
				if table == "meetings_fts" {
					place = table
				}
				if traces.MatchString(text) && !slices.Contains(found, place) {
					found = append(found, place)
				}
			}
		})
	}
	if postgrestest.Wanted() {
		return found
	}
	if _, err := db.Exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'meetings_fts', 'row')`); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(sqlitetest.StoredTerms(t, db), func(term string) bool { return strings.Contains(term, "quartzm") || strings.Contains(term, "zebulo") }) {
		found = append(found, "meetings_fts_data")
	}
	each(t, db, `SELECT term FROM temp.words`, func(_ []string, values []any) {
		if term := fmt.Sprint(values[0]); strings.Contains(term, "quartzm") || strings.Contains(term, "zebulo") {
			if !slices.Contains(found, "meetings_fts") {
				found = append(found, "meetings_fts")
			}
		}
	})
	return found
}

func each(t *testing.T, db *sql.DB, q string, do func(columns []string, values []any)) {
	t.Helper()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		do(columns, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
