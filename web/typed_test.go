package web_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
	"meetdesk/web"
)

type typedForm struct {
	name, path string
	who        string
	form       url.Values
	field      string // a field that the person filled in
	asks       bool   // whether the desk calls Microsoft when the form is sent
	action     string // the end of the URL to which the form is sent
}

// typedForms returns completed forms for meetings and presets. Their pages were loaded
// before the fault.
func typedForms(t *testing.T, s *site) []typedForm {
	t.Helper()
	b, o, a := s.signIn(priya), s.signIn(tomas), s.signIn(alex)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	theirs := o.post("/meetings", s.form("external_id", "TOM-1")).want(200, "Created").url.Path
	_, link := atGraph(t, s, priya, "ELSEWHERE", "Made in Teams")
	identity := func(b *browser, f url.Values) url.Values {
		f.Set("signed_in_as", identityOn(b.get("/")))
		return f
	}
	edit := fields(b.get(where + "/edit").want(200))
	edit.Set("subject", "Typed subject")
	preset := formFields(a.get("/admin/presets/new").want(200).doc.Find("#form"))
	preset.Set("name", "Typed name")
	a.post("/admin/presets", identity(a, url.Values{"name": {"Existing"}})).want(200, "Existing")
	change := formFields(a.get("/admin/presets/1").want(200).doc.Find("#form"))
	change.Set("subject", "Typed subject")
	return []typedForm{
		{"new", "/meetings", priya, identity(b, s.form("external_id", "INC9", "subject", "Typed subject", "form_id", "typed-1")), "subject", true, "/meetings"},
		{"edit", where + "/update", priya, edit, "subject", true, "/update"},
		{"adopt", "/meetings/adopt", priya, identity(b, url.Values{"join_url": {link}}), "join_url", true, "/adopt"},
		{"note", where + "/note", priya, identity(b, url.Values{"note_text": {"Typed note"}}), "note_text", false, "/note"},
		{"sent", where + "/sent", priya, identity(b, url.Values{"sent_to": {"Typed person"}}), "sent_to", false, "/sent"},
		{"preset", "/admin/presets", alex, preset, "name", false, "/presets"},
		{"preset change", "/admin/presets/1", alex, change, "subject", false, "/presets/1"},
		{"hand-over", theirs + "/hand-over", priya, identity(b, url.Values{"external_id": {"TOM-1"}}), "external_id", false, "/hand-over"},
	}
}

// typedFault is a fault that prevents a form from being processed.
type typedFault struct {
	name   string
	site   func(t *testing.T) *site
	begin  func(t *testing.T, s *site) (end func())
	status int
	says   string
	change func(f typedForm) url.Values // returns the fields to send; nil to send the form as it is
	skip   []string                     // the names of forms that the fault does not affect
	long   bool
}

var typedFaults = []typedFault{
	{name: "disk full", status: 503, says: "cannot save anything now",
		site: func(t *testing.T) *site {
			enginetest.SQLiteOnly(t, "PostgreSQL's disk belongs to the server")
			dir := testenv.SmallDisk(t, "8m")
			return newSite(t, func(o *siteSettings) { o.DataDir = dir })
		},
		begin: func(t *testing.T, s *site) func() {
			free := testenv.FillDisk(t, s.Dir)
			for range 2000 { // also fills up the free space inside the database
				if s.store.Audit(context.Background(), 1, store.AuditHistoryRead, 0, strings.Repeat("x", 3000)) != nil {
					return free
				}
			}
			t.Fatal("the disk is not full")
			return nil
		}},
	{name: "database locked", status: 503, says: "cannot save anything now", long: true, // each form waits five seconds
		begin: func(t *testing.T, s *site) func() {
			enginetest.SQLiteOnly(t, "PostgreSQL has no lock on the whole database")
			db, err := sql.Open("sqlite", filepath.Join(s.Dir, store.FileName))
			if err != nil {
				t.Fatal(err)
			}
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
				t.Fatal(err)
			}
			return func() {
				_, _ = conn.ExecContext(context.Background(), "ROLLBACK")
				conn.Close()
				db.Close()
			}
		}},
	{name: "audit not writable", status: 500, says: "something went wrong here", skip: []string{"adopt", "edit", "new"}, // these forms record attempts, not audit entries
		begin: func(t *testing.T, s *site) func() {
			db := enginetest.Connect(t, s.Dir)
			enginetest.Refuse(t, db, "INSERT", "audit", "", "refused")
			return func() { enginetest.Allow(t, db, "audit") }
		}},
	{name: "waiting for another request", status: 503, says: "Nothing was sent", skip: []string{"note", "sent", "preset", "preset change", "hand-over", "adopt"},
		site: func(t *testing.T) *site { return newSite(t, withBudget(2*time.Second)) },
		begin: func(t *testing.T, s *site) func() {
			var unlocks []func()
			for _, ticket := range []string{"INC9", "INC0012345"} {
				unlock, err := s.desk.LockMeeting(t.Context(), 1, ticket, time.Now().Add(time.Minute))
				if err != nil {
					t.Fatal(err)
				}
				unlocks = append(unlocks, unlock)
			}
			return func() {
				for _, unlock := range unlocks {
					unlock()
				}
			}
		}},
	{name: "too many requests", status: 429, says: "Wait a moment", skip: []string{"hand-over"},
		site: func(t *testing.T) *site {
			return newSite(t, func(o *siteSettings) {
				o.limits = web.NoLimits()
				for i, l := range o.limits {
					if l.Name == "creates" || l.Name == "changes" || l.Name == "adoptions" {
						o.limits[i].Person = web.Rate{Burst: 8, Every: 10 * time.Minute}
					}
				}
			})
		},
		begin: func(t *testing.T, s *site) func() {
			b, a := s.signIn(priya), s.signIn(alex)
			for range 8 {
				b.post("/meetings", nil)
				b.post("/meetings/1/note", nil)
				b.post("/meetings/adopt", nil)
				a.post("/admin/presets", nil)
			}
			return func() { s.SetAhead(time.Hour) }
		}},
	{name: "too large", status: 413, says: "1 MB", skip: []string{"hand-over"},
		begin: func(*testing.T, *site) func() { return func() {} },
		change: func(f typedForm) url.Values {
			large := url.Values{"zzz": {strings.Repeat("x", 1<<20)}}
			for name, values := range f.form {
				large[name] = values
			}
			return large
		}},
}

// TestTypedTextSurvives submits the forms of typedForms during each fault. The response
// must contain the user's input, and its form must work once the fault is over.
func TestTypedTextSurvives(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for _, fault := range typedFaults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			if fault.long {
				testenv.SkipUnlessLong(t)
			}
			start := fault.site
			if start == nil {
				start = func(t *testing.T) *site { return newSite(t) }
			}
			s := start(t)
			forms := typedForms(t, s)
			browsers := map[string]*browser{priya: s.signIn(priya), alex: s.signIn(alex)}
			before := len(s.graph.Meetings())
			end := fault.begin(t, s)
			pages := make(map[string]*page)
			for _, f := range forms {
				if slices.Contains(fault.skip, f.name) {
					continue
				}
				sent := f.form
				if fault.change != nil {
					sent = fault.change(f)
				}
				p := browsers[f.who].post(f.path, sent)
				p.want(fault.status, fault.says)
				wantTyped(t, p, f)
				pages[f.name] = p
			}
			if got := len(s.graph.Meetings()); got != before {
				t.Errorf("Microsoft has %d meetings, want %d as before", got, before)
			}
			end()
			for _, f := range forms {
				if p := pages[f.name]; p != nil {
					again := formFields(p.formsTo(f.action).Last())
					if p := browsers[f.who].post(f.path, again); p.status != 200 {
						t.Errorf("%s: sent again, the form on the page gets status %d:\n%s", f.name, p.status, p.text())
					}
				}
			}
		})
	}
}

// wantTyped fails the test unless the page contains the input of the form and says that
// nothing was done.
func wantTyped(t *testing.T, p *page, f typedForm) {
	t.Helper()
	form := p.formsTo(f.action).Last()
	got := formFields(form)
	for name, want := range f.form {
		if strings.TrimSpace(got.Get(name)) != strings.TrimSpace(want[0]) && name != "fold" && name != "inside" {
			t.Errorf("%s: the field %s is %q, want %q", f.name, name, got.Get(name), want[0])
		}
	}
	text := p.text()
	isSaid := strings.Contains(text, "Nothing was s") || strings.Contains(text, "Nothing was sent or saved")
	// To add a meeting, the desk looks up the join link before saving anything. Afterwards,
	// the page can say only that nothing was saved.
	if f.asks && f.name != "adopt" && strings.Contains(text, "Nothing was saved.") || !f.asks && strings.Contains(text, "Nothing was sent to Microsoft") || !isSaid {
		t.Errorf("%s: the page does not say that nothing was done:\n%s", f.name, text)
	}
	if p.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: Cache-Control is %q", f.name, p.header.Get("Cache-Control"))
	}
}

// TestRefusedOrigin checks that a form from another site is refused. Only the form for a
// new meeting is shown with its values, because a link from another site can fill it in
// anyway.
func TestRefusedOrigin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, f := range typedForms(t, s) {
		r, err := http.NewRequest(http.MethodPost, s.url+f.path, strings.NewReader(f.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-site"}}
		p := s.signIn(f.who).do(r).want(403, "Refused for your safety")
		if f.name == "new" {
			wantTyped(t, p, f)
		} else if strings.Contains(p.body, "Typed") {
			t.Errorf("%s: the page has what another site sent", f.name)
		}
	}
	if got := record(t, s); len(got) != 2 {
		t.Errorf("%d meetings were recorded, want the first 2 only", len(got))
	}
}
