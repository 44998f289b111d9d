package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"meetdesk/store/compact"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// While the audit log cannot be written, pages do not show other people's meetings. People
// still see their own meetings, and can still sign out. If the desk cannot record a new
// meeting, the error page contains the meeting's join link.
func TestNothingIsShownWithoutATrace(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b, o, d, without := s.signIn(priya), s.signIn(tomas), s.signIn(dana), s.visitor(sam)
	b.post("/meetings", s.form("subject", "Priya's printer")).want(200, "Created")
	o.post("/meetings", s.form("subject", "His own", "anyway", "1")).want(200, "Created", "Priya Nair")
	o.post("/meetings", s.form("external_id", "INC7")).want(200, "Created")
	db := enginetest.Connect(t, s.Dir)
	enginetest.Refuse(t, db, "INSERT", "audit", "", "the disk is full")
	s.store.AuditExported(t.Context(), 1, "history.export_end", 1, "") // this entry stays in the queue, so requests for lists are refused
	if err := s.store.FlushAudit(t.Context()); err == nil {
		t.Fatal("the audit log can be written")
	}
	for _, path := range []string{
		"/meetings/1", "/meetings/1/invitation.ics", "/meetings/1/qr.svg", "/history", "/history?q=printer", "/history?q=INC0012345", "/history.csv", "/history.xlsx",
	} {
		wantUnrecorded(t, d.get(path))
	}
	for _, path := range []string{"/t/INC0012345", "/people?q=pri", "/meetings/new/guard?external_id=INC0012345"} {
		wantUnrecorded(t, d.ask(path))
	}
	wantUnrecorded(t, d.post("/meetings", s.form()))

	t.Run("own meetings", func(t *testing.T) {
		b.get("/").want(200, "Priya's printer")
		b.get("/meetings/1").want(200, "Priya's printer")
		if p := o.get("/meetings/2").want(200, "His own"); strings.Contains(p.text(), "Priya Nair") {
			t.Errorf("the page names a colleague:\n%s", p.text())
		}
		if p := b.get("/history?q=INC7").want(200); strings.Contains(p.text(), "colleague has") {
			t.Errorf("the search tells of a colleague's meeting:\n%s", p.text())
		}
	})
	t.Run("refusals stay refusals", func(t *testing.T) { without.get("/history").want(403) })
	t.Run("acts", func(t *testing.T) {
		b.post("/meetings/1/note", url.Values{"note_text": {"Called back"}})
		if n := readColumn(t, s, `SELECT count(*) FROM notes`); n != "0" {
			t.Errorf("%s notes without a trace", n)
		}
		b.post("/meetings", s.form("external_id", "INC8")).want(500, "https://") // the error page contains the join link of the meeting that could not be recorded
		b.post("/auth/logout", nil)
		if b.get("/").url.Path == "/" {
			t.Error("the browser is still signed in")
		}
	})
	enginetest.Allow(t, db, "audit")
	d.get("/meetings/1").want(200, "Priya's printer")
	d.get("/history").want(200, "Priya's printer")
}

// The audit log contains the client's full address. The desk uses X-Forwarded-For only if
// a trusted proxy sent it.
func TestAuditHasTheClientAddress(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct{ trusted, want string }{{"10.0.0.0/8", "127.0.0.1"}, {"127.0.0.0/8", "2001:db8::7"}} {
		s := newSite(t, func(s *siteSettings) { s.trusted = []netip.Prefix{netip.MustParsePrefix(tt.trusted)} })
		s.signIn(priya).post("/meetings", s.form()).want(200)
		d := s.visitor(dana)
		for _, path := range []string{"/meetings/1", "/history"} {
			r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Forwarded-For", "192.0.2.1, 2001:db8::7")
			d.do(r).want(200)
		}
		s.Audit() // writes the queued entries
		if got := readColumn(t, s, `SELECT string_agg(address, ' ') FROM audit WHERE action IN ('meeting.read', 'history.read')`); got != strings.Repeat(" "+compact.ShortAddress(tt.want), 2)[1:] {
			t.Errorf("with %s trusted, the addresses are %q, want %s twice in the form in which it is stored", tt.trusted, got, tt.want)
		}
	}
}

// wantUnrecorded fails the test unless the page says that the request could not be
// recorded, and shows nothing about Priya's meeting.
func wantUnrecorded(t *testing.T, p *page) {
	t.Helper()
	p.want(503, "could not record this in the audit")
	body := strings.ReplaceAll(p.body, "for example Priya Nair &lt;", "") // the hint for the attendee field contains Priya's name
	if strings.Contains(body, "Priya's printer") || strings.Contains(body, "Priya Nair") || p.header.Get("Location") != "" {
		t.Errorf("%s shows the meeting:\n%s", p.url, p.text())
	}
}
