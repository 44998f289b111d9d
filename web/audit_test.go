package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/locale"
	"meetdesk/store"
)

// Every audit action has a name in every language, and administrators can filter by it.
func TestEveryAuditActionHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../store/audit.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		constant, ok := node.(*ast.ValueSpec)
		if !ok || fmt.Sprint(constant.Type) != "AuditAction" {
			return true
		}
		n++
		action, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(store.AuditActions(), store.AuditAction(action)) {
			t.Errorf("AuditActions lacks %q", action)
		}
		for _, language := range []string{"en", "pt-BR"} {
			if key := "audit.do." + action; !catalogue.Printer(language).Has(key) {
				t.Errorf("%s has no sentence %q", language, key)
			}
		}
		return false
	})
	if n < 40 || n != len(store.AuditActions()) {
		t.Errorf("%d actions, and AuditActions has %d", n, len(store.AuditActions()))
	}
}

// An administrator finds entries by person, meeting, action and day. The URL identifies
// people only by their IDs.
func TestAuditFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p, d, a := s.signIn(priya), s.signIn(dana), s.signIn(alex)
	p.post("/meetings", s.form("external_id", "INC0000007")).want(200)
	m := newest(t, s, "INC0000007")
	d.get(fmt.Sprintf("/meetings/%d", m.ID)).want(200)
	p.get("/admin/audit").want(403)
	find := func(fields ...string) *page {
		form := url.Values{}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return a.post("/admin/audit", form)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	for _, tt := range []struct {
		name     string
		fields   []string
		has, not string
	}{
		{"nothing", nil, "Opened somebody else’s meeting", "⟦"},
		{"a person", []string{"who", "PRIYA"}, "Created a meeting", "Opened somebody else"},
		{"a person by address", []string{"who", dana}, "Opened somebody else", "Created a meeting"},
		{"a meeting by ticket", []string{"meeting", "inc 7"}, "No meeting has", "Created a meeting"},
		{"a meeting by its whole ticket", []string{"meeting", "inc0000007"}, "Created a meeting", "Signed in Help desk"},
		{"a meeting by number", []string{"meeting", fmt.Sprint(m.ID)}, "Opened somebody else", "Signed in Help desk"},
		{"an action", []string{"action", "refused"}, "Only administrators can open this page", "Created a meeting Created"},
		{"a refusal's route", []string{"action", "refused"}, "GET /admin/audit", "Created a meeting Created"},
		{"a day", []string{"from", today, "to", today, "who", priya}, "Created a meeting", "No entry"},
		{"another day", []string{"from", "2001-01-01", "to", "2001-01-02"}, "No entry matches", "Opened somebody else’s meeting INC"},
		{"nobody", []string{"who", "zoe"}, "knows nobody", "Created a meeting Created"},
		{"several people", []string{"who", "contoso", "action", "sign_in"}, "Which person?", "Signed in Staff"},
		{"no such action", []string{"action", "sleep"}, "is not a valid choice", "Created a meeting Created"},
		{"no date", []string{"from", "soon"}, "Enter the date", "Created a meeting Created"},
		{"the end before the start", []string{"from", "2027-02-02", "to", "2027-01-01"}, "before its start", "Created a meeting Created"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := find(tt.fields...)
			text := strings.Join(strings.Fields(page.text()), " ")
			if !strings.Contains(text, tt.has) || strings.Contains(text, tt.not) {
				t.Errorf("want %q and not %q in %s", tt.has, tt.not, text)
			}
			if strings.Contains(page.url.RawQuery, "contoso") || strings.Contains(page.url.RawQuery, "PRIYA") {
				t.Errorf("the URL is %s", page.url)
			}
		})
	}
	if page := find("who", "contoso", "action", "sign_in"); page.doc.Find(`main a[href*="person="][href*="action=sign_in"]`).Length() < 3 {
		t.Error("the people that match do not keep the other filters")
	}
	for _, path := range []string{"/admin/audit?person=999999", "/admin/audit?person=x&before=x"} {
		a.get(path).want(200)
	}
}

// A page has at most 50 entries. The next page continues where the previous one ended,
// without repeating or omitting an entry.
func TestAuditPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.signIn(alex)
	for i := range 120 {
		if err := s.store.Audit(t.Context(), 1, store.AuditTicketRead, 0, fmt.Sprintf("T-%03d", i)); err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	page := a.get("/admin/audit?action=ticket.read")
	for range 3 {
		if n := page.doc.Find("table .hint").Length(); n > 50 {
			t.Errorf("a page has %d entries", n)
		}
		found = append(found, page.doc.Find("table .hint").Map(func(_ int, cell *goquery.Selection) string { return strings.TrimSpace(cell.Text()) })...)
		next := page.doc.Find(`a[rel="next"]`)
		if next.Length() == 0 {
			break
		}
		page = a.get(next.AttrOr("href", ""))
	}
	if len(found) != 120 || found[0] != "T-119" || found[119] != "T-000" || len(slices.Compact(slices.Clone(found))) != 120 {
		t.Errorf("%d entries: %q", len(found), found)
	}
}

// The machine-readable exports contain the entries that the page lists, oldest first.
func TestAuditExports(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.signIn(alex)
	d := s.signIn(dana)
	d.get("/history?q=" + url.QueryEscape("=cmd()|x\"\n;+1")).want(200)
	d.get("/nothing")
	s.browser().get("/auth/callback?code=x&state=y").want(401)
	lines := strings.Split(strings.TrimSuffix(a.get("/admin/audit.jsonl").want(200).body, "\n"), "\n")
	fields := []string{"action", "address", "count", "detail", "id", "meeting", "person", "person_name", "person_object_id", "person_tenant_id", "person_upn", "ticket", "time"}
	var actions []string
	last := ""
	for _, line := range lines {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		var names []string
		for name := range e {
			names = append(names, name)
		}
		if slices.Sort(names); !slices.Equal(names, fields) {
			t.Errorf("the fields are %q", names)
		}
		at, _ := e["time"].(string)
		if _, err := time.Parse(time.RFC3339Nano, at); err != nil || !strings.HasSuffix(at, "Z") || at < last {
			t.Errorf("the time is %q after %q", at, last)
		}
		last = at
		actions = append(actions, fmt.Sprint(e["action"]))
		if e["action"] == "refused" && (e["person"] != nil || e["address"] != "127.0.0.1" || e["detail"] != "signin.state GET /auth/callback") {
			t.Errorf("a refusal is %s", line)
		}
		if e["action"] == "history.read" && (e["person_upn"] != dana || !strings.HasPrefix(fmt.Sprint(e["detail"]), "=cmd")) && !strings.Contains(line, "q=") {
			t.Errorf("a search is %s", line)
		}
	}
	for _, action := range []string{"sign_in", "history.read", "refused", "audit.export"} {
		if !slices.Contains(actions, action) {
			t.Errorf("the file has %q, and no %s", actions, action)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(a.get("/admin/audit.csv?action=history.read").want(200).body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][2] != "history.read" {
		t.Fatalf("%q: %v", rows, err)
	}
	if cell := rows[1][10]; !strings.HasPrefix(cell, "'=") && !strings.HasPrefix(cell, "q=") {
		t.Errorf("a spreadsheet reads the cell %q as a formula", cell)
	}
	before := len(s.AuditLog())
	if p := a.send(http.MethodHead, "/admin/audit.csv"); p.status != http.StatusOK || len(s.AuditLog()) != before {
		t.Errorf("HEAD has the status %d and writes %q", p.status, s.AuditLog()[before:])
	}
	a.get("/admin/audit.csv?from=x").want(400)
	if log := s.AuditLog(); !slices.Contains(log, alex+" audit.export_end 0 action=history.read") {
		t.Errorf("the audit log has %q", log)
	}
	if n := readColumn(t, s, `SELECT count FROM audit WHERE action = 'audit.export_end' ORDER BY id DESC LIMIT 1`); n != "1" {
		t.Errorf("the export had %s rows, want 1", n)
	}
}
