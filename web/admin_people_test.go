package web_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/testenv"
)

// sessionIDs returns the IDs of the person's sessions, oldest first.
func sessionIDs(t *testing.T, s *site, upn string) []string {
	t.Helper()
	return strings.Fields(readColumn(t, s, `SELECT coalesce(string_agg(CAST(s.id AS TEXT), ' ' ORDER BY s.id), '') FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.upn = '`+upn+`'`))
}

func personPath(t *testing.T, s *site, upn string) string {
	t.Helper()
	return "/admin/people/" + readColumn(t, s, `SELECT id FROM users WHERE upn = '`+upn+`'`)
}

// Ending sessions takes effect at the next request, deletes the tokens, and does not affect
// other people.
func TestAdministratorSignsPeopleOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, o := s.visitor(alex), s.visitor(tomas)
	first, second, third := s.visitor(priya), s.visitor(priya), s.visitor(priya)
	path, ids := personPath(t, s, priya), sessionIDs(t, s, priya)
	p := a.get(path).want(200, "Priya Nair", "127.0.0.1", "Sign out everywhere")
	if n := p.doc.Find(`form[action="` + path + `/sign-out"]`).Length(); n != 4 {
		t.Errorf("%d buttons, want one for each session and one for all", n)
	}
	a.post(path+"/sign-out", url.Values{"session": {ids[1]}}).want(303)
	first.get("/").want(200)
	second.get("/").want(303)
	second.post("/meetings", s.form()).want(401)
	third.get("/").want(200)

	tomasID := sessionIDs(t, s, tomas)[0]
	a.post(path+"/sign-out", url.Values{"session": {tomasID}}).want(303) // not Priya's
	o.get("/").want(200)
	for _, wrong := range []string{"", "x", "0", "-1", "99999999999999999999"} {
		a.post(path+"/sign-out", url.Values{"session": {wrong}}).want(400, "which session")
	}
	first.get("/").want(200)

	a.post(path+"/sign-out", url.Values{"session": {"all"}}).want(303)
	first.get("/").want(303)
	third.get("/").want(303)
	o.get("/").want(200)
	a.get(path).want(200, "No session is open.")
	if n := readColumn(t, s, `SELECT count(*) FROM grants`); n != "2" {
		t.Errorf("%s grants are left, want those of Alex and Tomás", n)
	}
	counts := readColumn(t, s, `SELECT string_agg(detail || ' ' || count || ' ' || CASE WHEN address <> '' THEN 1 ELSE 0 END, ', ' ORDER BY id) FROM audit WHERE action = 'person.sign_out'`)
	if want := "priya@contoso.example 1 1, priya@contoso.example 2 1"; counts != want {
		t.Errorf("the audit log has %q, want %q", counts, want)
	}
	if n := readColumn(t, s, `SELECT count(*) FROM audit WHERE action = 'sign_out' AND detail = 'administrator'`); n != "3" {
		t.Errorf("%s sign-outs are recorded, want 3", n)
	}
}

// A person sees only their own sessions, and can end one or all of the others.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, o := s.visitor(sam), s.visitor(dana) // Sam has no role
	b.get("/sessions").want(200, "This session", "You are not signed in anywhere else.")
	second, third, fourth := s.visitor(sam), s.visitor(sam), s.visitor(sam)
	p := b.get("/sessions").want(200, "End all other sessions")
	if n := p.doc.Find(`tbody tr`).Length(); n != 4 {
		t.Errorf("%d sessions are listed", n)
	}
	ids := sessionIDs(t, s, sam)
	for _, id := range []string{ids[0], sessionIDs(t, s, dana)[0]} { // the current session and another person's session
		b.post("/sessions/end", url.Values{"session": {id}}).want(303)
	}
	o.get("/").want(200)
	b.post("/sessions/end", url.Values{"session": {ids[2]}}).want(303)
	third.get("/sessions").want(303)
	second.get("/sessions").want(200)
	b.post("/sessions/end", url.Values{"session": {"others"}}).want(303)
	second.get("/sessions").want(303)
	fourth.get("/sessions").want(303)
	b.get("/sessions").want(200, "You are not signed in anywhere else.")
	if n := readColumn(t, s, `SELECT count(*) FROM audit WHERE action = 'sign_out' AND detail = 'other session'`); n != "3" {
		t.Errorf("%s sign-outs are recorded, want 3", n)
	}
}

// If there is only one other session, either button ends it and pauses its import. If an
// import is still running although its session has ended, the pages for the person and for
// administrators say so. Signing the person out everywhere pauses that import.
func TestEndingSessionsStopsImports(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, press := range map[string]string{"that session": "End session", "all others": "End all other sessions"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b, old := s.signIn(priya), s.signIn(priya)
			path := old.checked(old.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200).url.Path
			p := b.get("/sessions").want(200, "the imports that use it pause", "End all other sessions")
			b.press(p, press).want(200, "You are not signed in anywhere else.")
			b.press(b.get(path).want(200, "You ended the session that the import was using."), "Continue").want(200, "Running")
		})
	}
	t.Run("no session", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		b, old, admin := s.signIn(priya), s.signIn(priya), s.signIn(alex)
		path := old.checked(old.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200).url.Path
		old.post("/auth/logout", nil).want(200)
		b.get(path).want(200, "Running")
		b.get("/sessions").want(200, "1 import is still running from a session that has ended.", "End all other sessions")
		b.post("/auth/logout", nil).want(200)
		p := admin.get(personPath(t, s, priya)).want(200, "No session is open. 1 import is still running from a session that has ended.")
		p = admin.press(p, "Sign out everywhere").want(200, "No session is open.")
		if p.doc.Find(`main form[action$="/sign-out"]`).Length() != 0 {
			t.Error("the page still offers to sign the person out")
		}
		s.signIn(priya).get(path).want(200, "An administrator signed you out.")
	})
}

// The list contains all people who have used the desk, most recently seen first. The search
// ignores case and accents.
func TestPeopleList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.visitor(alex)
	s.Exec(`INSERT INTO users (tid, oid, upn, name, created_at) VALUES ('t', 'never', 'never@contoso.example', 'Never Seen', 1)`)
	for i := range 120 {
		name := "Person " + strconv.Itoa(i)
		s.Exec(`INSERT INTO users (tid, oid, upn, name, role, created_at, signed_in_at, seen_at) VALUES ('t', $1, $2, $1, 'staff', 1, 1, $3)`, name, "p"+strconv.Itoa(i)+"@contoso.example", 1000+i/60) // many people have the same seen_at
	}
	s.SetAhead(time.Hour / 2)
	s.visitor(tomas)
	var names []string
	for path := "/admin/people"; path != ""; {
		p := a.get(path).want(200)
		names = append(names, p.doc.Find(`tbody th a`).Map(func(_ int, e *goquery.Selection) string { return e.Text() })...)
		path = p.doc.Find(`a[rel="next"]`).AttrOr("href", "")
	}
	if len(names) != 122 || names[0] != "Alex Admin" || names[1] != "Tomás Oliveira" || slices.Contains(names, "Never Seen") || len(slices.Compact(slices.Sorted(slices.Values(names)))) != 122 {
		t.Errorf("%d people: %q", len(names), names)
	}
	a.get("/admin/people?q=OLIVEIRA+tomas").want(200, "Tomás Oliveira")
	a.get("/admin/people?q=%00%ff").want(200, "Nobody was found.")
	a.get("/admin/people?q=oliv").want(200, "Tomás Oliveira")
	a.get("/admin/people?after=x").want(200, "Tomás Oliveira")
	records := a.get("/admin/people?q=oliv").doc.Find(`td a`).AttrOr("href", "")
	if want := personPath(t, s, tomas) + "/records"; records != want {
		t.Errorf("the row leads to %q, want %q", records, want)
	}
	a.get(records).want(200, "Tomás Oliveira", "Download everything about this person", "Erase this person")
	a.get("/admin/people/987654/records").want(404)
	if next := a.get("/admin/people?q=person").doc.Find(`a[rel="next"]`).AttrOr("href", ""); !strings.Contains(next, "q=person") {
		t.Errorf("the next page is %q", next)
	}
	a.get(personPath(t, s, "never@contoso.example")).want(200, "Never signed in", "No session is open.")
	a.get("/admin/people/987654").want(404)
}
