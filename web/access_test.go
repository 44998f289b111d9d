package web_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
	"meetdesk/web"
)

// relation is a person's relation to the meeting in the URL. For a person who is not
// involved in the meeting, it is the person's role.
type relation string

const (
	nobody        relation = "nobody"
	withoutRole   relation = "a person without a role"
	organizer     relation = "the organizer"
	maker         relation = "the help desk member who made it"
	madeFor       relation = "the organizer it was made for"
	handedOver    relation = "a person it was handed over to"
	revoked       relation = "a person it was handed over to, whose access was ended"
	staff         relation = "staff"
	helpDesk      relation = "a help desk member"
	administrator relation = "an administrator"
)

var (
	withRole  = []relation{organizer, maker, madeFor, handedOver, staff, helpDesk, administrator}
	signedIn  = append([]relation{withoutRole}, withRole...)
	everybody = append([]relation{nobody}, signedIn...)
	readers   = []relation{organizer, maker, madeFor, handedOver, helpDesk, administrator}
	admins    = []relation{administrator}
	editors   = []relation{organizer, maker, madeFor}
)

// accessTable maps each route to the relations that grant access to it.
var accessTable = map[string][]relation{
	"GET /healthz":                      everybody,
	"GET /readyz":                       everybody,
	"GET /favicon.ico":                  everybody,
	"GET /static/{file}":                everybody,
	"GET /auth/login":                   everybody,
	"GET /auth/callback":                everybody,
	"GET /auth/frontchannel-logout":     everybody,
	"GET /auth/signed-out":              everybody,
	"GET /auth/session":                 everybody,
	"POST /auth/logout":                 everybody,
	"POST /preferences":                 signedIn,
	"GET /{$}":                          withRole,
	"GET /history":                      withRole,
	"GET /history.csv":                  withRole,
	"GET /history.xlsx":                 withRole,
	"GET /t/{external_id...}":           withRole,
	"GET /waiting/{key}":                withRole,
	"POST /people":                      withRole,
	"GET /meetings/new":                 withRole,
	"POST /meetings":                    withRole,
	"POST /meetings/new/guard":          withRole,
	"POST /meetings/new/summary":        withRole,
	"GET /meetings/adopt":               withRole,
	"POST /meetings/adopt":              withRole,
	"GET /meetings/{id}":                readers,
	"GET /meetings/{id}/invitation.ics": readers,
	"GET /meetings/{id}/qr.svg":         readers,
	"GET /meetings/{id}/edit":           editors,
	"POST /meetings/{id}/update":        editors,
	"POST /meetings/{id}/refresh":       editors,
	"POST /meetings/{id}/hand-over":     withRole, // allowed for anyone who knows the ticket; TestHandOver in package desk checks this
	"POST /meetings/{id}/put-back":      editors,
	"POST /meetings/{id}/note":          readers,
	"POST /meetings/{id}/sent":          readers,
	"POST /meetings/{id}/take-back":     readers,
	"GET /meetings/{id}/end-access":     {organizer, maker, madeFor, handedOver, administrator},
	"POST /meetings/{id}/end-access":    {organizer, maker, madeFor, handedOver, administrator},
	"POST /meetings/{id}/give-access":   {organizer, maker, madeFor, administrator},
	"GET /meetings/{id}/remove":         editors,
	"POST /meetings/{id}/remove":        editors,
	"POST /attempts/{id}/retry":         editors,
	"POST /attempts/{id}/dismiss":       editors,
	"POST /meetings/new/preset":         withRole,
	"GET /imports":                      withRole,
	"GET /imports/new":                  withRole,
	"GET /imports/template.xlsx":        withRole,
	"POST /imports":                     withRole,
	"GET /imports/{id}":                 nil, // Eva owns the import, but her account is disabled; TestImportsArePrivate covers the owner
	"POST /imports/{id}/check":          nil,
	"POST /imports/{id}/remove":         nil,
	"POST /imports/{id}/pause":          nil,
	"POST /imports/{id}/resume":         nil,
	"POST /imports/{id}/cancel":         nil,
	"POST /imports/{id}/retry":          nil,
	"GET /imports/{id}/events":          nil,
	"GET /imports/{id}/invitations":     nil,
	"GET /imports/{id}/result.csv":      nil,
	"GET /imports/{id}/result.xlsx":     nil,
	"GET /admin":                        admins,
	"GET /admin/audit":                  admins,
	"POST /admin/audit":                 admins,
	"GET /admin/audit.csv":              admins,
	"GET /admin/audit.jsonl":            admins,
	"GET /admin/check":                  admins,
	"POST /admin/check":                 admins,
	"GET /sessions":                     signedIn,
	"POST /sessions/end":                signedIn,
	"GET /admin/people":                 admins,
	"GET /admin/people/{id}":            admins,
	"GET /admin/people/{id}/records":    admins,
	"POST /admin/people/{id}/sign-out":  admins,
	"GET /admin/imports":                admins,
	"POST /admin/imports/{id}/pause":    admins,
	"POST /admin/imports/{id}/cancel":   admins,
	"GET /admin/retention":              admins,
	"POST /admin/retention/purge":       admins,
	"POST /admin/retention/rule":        admins,
	"POST /admin/retention/person":      admins,
	"POST /admin/retention/export":      admins,
	"POST /admin/retention/erase":       admins,
	"GET /admin/presets":                admins,
	"GET /admin/presets/new":            admins,
	"POST /admin/presets":               admins,
	"GET /admin/presets/{id}":           admins,
	"POST /admin/presets/{id}":          admins,
	"POST /admin/presets/{id}/remove":   admins,
}

// TestWhoMayDoWhat requests every route as every person and, if the URL contains a meeting
// ID, for every meeting. No response may reveal a meeting that the person may not see.
func TestWhoMayDoWhat(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withScopes(basicScope), withPeople(idleStaff, idleHelpDesk, busyAdmin, colleague, former, disabled), withOrganizers(tomas))
	meetings := meetingsForAccess(t, s)
	if err := s.store.AddPreset(t.Context(), 1, meeting.Preset{Name: "Queue"}); err != nil {
		t.Fatal(err)
	}
	browsers := map[string]*browser{disabled.UPN: s.disable(disabled)}
	s.addImport(disabled.UPN)
	for _, route := range idleFirst(s.server.Routes()) {
		allowed, ok := accessTable[route.Pattern]
		if !ok {
			t.Errorf("the route %q is not in accessTable: add a row that says who may use it", route.Pattern)
			continue
		}
		about := meetings
		if !strings.Contains(route.Pattern, "{id}") || isAboutOther(route.Pattern) {
			about = []*accessMeeting{{name: "no meeting"}}
		}
		for person, role := range roles {
			for _, m := range about {
				t.Run(fmt.Sprintf("%s/%s/%s", route.Pattern, person, m.name), func(t *testing.T) {
					if browsers[person] == nil {
						browsers[person] = s.visitorFor(person)
					}
					before := s.sentFor(person)
					p := browsers[person].do(browsers[person].request(t, route.Pattern, m.ids))
					if route.Pattern == "POST /auth/logout" {
						delete(browsers, person)
					}
					is, want := m.relationOf(person, role), m.allows(route.Pattern, allowed, person, role)
					if got := isAllowed(t, route.Pattern, p); got != want {
						t.Errorf("allowed for %s is %v (status %d), want %v", is, got, p.status, want)
					} else if got && route.Pattern == "POST /meetings/{id}/hand-over" {
						m.handOverTo(person)
					}
					wantNothingForeign(t, p, meetings, person, role)
					if s.sentFor(person) != before {
						t.Error("Graph was asked to change something in the name of a disabled account")
					}
				})
			}
		}
	}
}

// isAboutOther reports whether the {id} in the route names a preset, a person or an
// import.
func isAboutOther(pattern string) bool {
	return strings.Contains(pattern, " /admin/") || isAboutImport(pattern)
}

func isAboutImport(pattern string) bool { return strings.Contains(pattern, " /imports/{id}") }

// idleFirst sorts the routes: GET routes first, then those with an {id}, then the others,
// such as those that create meetings, and the sign-out last.
func idleFirst(routes []web.Route) []web.Route {
	rank := func(route web.Route) int {
		switch {
		case route.Pattern == "POST /auth/logout":
			return 3
		case strings.HasPrefix(route.Pattern, "GET "):
			return 0
		case strings.Contains(route.Pattern, "{id}"):
			return 1
		}
		return 2
	}
	return slices.SortedStableFunc(slices.Values(routes), func(a, b web.Route) int { return cmp.Compare(rank(a), rank(b)) })
}

// visitor returns a browser that does not follow redirects. Unless person is "", the
// browser is signed in as that person.
func (s *site) visitor(person string) *browser {
	b := s.browser()
	if person != "" {
		b.get("/auth/login?login_hint=" + url.QueryEscape(person))
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// isAllowed reports whether the response shows that the person may use the route. It also
// checks the security headers of the response.
func isAllowed(t *testing.T, pattern string, p *page) bool {
	t.Helper()
	wantStrict(t, p)
	toSignIn := strings.HasPrefix(p.header.Get("Location"), "/auth/login")
	if pattern == "GET /auth/callback" {
		return !toSignIn // the status is always 401, because no sign-in was started
	}
	return p.status != 401 && p.status != 403 && p.status != 404 && !toSignIn
}

// request returns a valid request for the route. ids contains the IDs of a meeting and of
// an attempt.
func (s *site) request(t *testing.T, pattern string, ids [2]int64) *http.Request {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	id := ids[0]
	if strings.HasPrefix(path, "/attempts/") {
		id = ids[1]
	}
	if isAboutOther(pattern) {
		id = 1
	}
	path = strings.NewReplacer("{$}", "", "{id}", strconv.FormatInt(id, 10), "/static/{file}", s.server.Static.URL("app.css"), "{external_id...}", "INC-access").Replace(path)
	form := s.form("subject", "changed", "external_id", "INC-access", "anyway", "1")
	if strings.HasSuffix(path, "/imports") {
		form.Set("rows", "Ticket\nINC-access")
	}
	if strings.HasSuffix(path, "/adopt") {
		form.Set("join_url", "https://teams.example/changed")
	}
	if strings.HasSuffix(path, "-access") {
		person := s.colleagueWithAccess(t, id)
		form.Set("person", person)
		path += "?person=" + person
	}
	if strings.HasSuffix(path, "/hand-over") {
		if m, err := s.store.Meeting(t.Context(), id); err == nil {
			form.Set("external_id", m.ExternalID)
		}
	}
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// colleagueWithAccess returns the user ID of colleague, or "0" if the meeting was never
// handed over to her. It restores her access if it has ended.
func (s *site) colleagueWithAccess(t *testing.T, meetingID int64) string {
	t.Helper()
	people, err := s.store.People(t.Context(), meetingID)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range append(people.Now, people.Ended...) {
		if h.Person.UPN != colleague.UPN {
			continue
		}
		if err := s.store.GiveAccess(t.Context(), meetingID, h.Person.ID, []int64{h.Person.ID}); err != nil {
			t.Fatal(err)
		}
		return strconv.FormatInt(h.Person.ID, 10)
	}
	return "0"
}

// wantStrict fails the test unless the response has the security headers and its page has
// no inline script or style.
func wantStrict(t *testing.T, p *page) {
	t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	if p.url.Path == "/auth/frontchannel-logout" { // the provider may show this page in a frame
		policy = regexp.MustCompile(`frame-ancestors http://127\.0\.0\.1:\d+$`).ReplaceAllString(policy, "frame-ancestors 'none'")
	}
	strict := regexp.MustCompile(`^default-src 'none'; object-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`)
	if !strict.MatchString(policy) {
		t.Errorf("%s: Content-Security-Policy is %q", p.url, policy)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=()",
	} {
		if got := p.header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", p.url, name, got, want)
		}
	}
	if cache := p.header.Get("Cache-Control"); !strings.HasPrefix(p.url.Path, "/static/") && cache != "no-store" {
		t.Errorf("%s: Cache-Control is %q, want no-store", p.url, cache)
	}
	if p.doc.Find("script:not([src]), style, [style], [onclick]").Length() != 0 {
		t.Errorf("%s has an inline script or style", p.url)
	}
}

func TestOthersMeetingsLookMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	b := s.signIn(tomas)
	for _, path := range []string{"/meetings/%d", "/meetings/%d/edit", "/meetings/%d/invitation.ics", "/meetings/%d/qr.svg"} {
		othersPage, missingPage := b.get(fmt.Sprintf(path, 1)).want(404), b.get(fmt.Sprintf(path, 2)).want(404)
		if othersPage.doc.Find("h1").Text() != missingPage.doc.Find("h1").Text() || othersPage.doc.Find(".lead").Text() != strings.ReplaceAll(missingPage.doc.Find(".lead").Text(), "2", "1") {
			t.Errorf("%s shows %q for another person's meeting and %q for a missing one, want the same", path, othersPage.text(), missingPage.text())
		}
	}
	othersPage, missingPage := b.post("/attempts/1/retry", nil).want(404), b.post("/attempts/2/retry", nil).want(404)
	if othersPage.doc.Find(".lead").Text() != missingPage.doc.Find(".lead").Text() {
		t.Errorf("retry shows %q for another person's attempt and %q for a missing one, want the same", othersPage.text(), missingPage.text())
	}
}

func TestCrossSiteFormsAreRefused(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	before := len(s.graph.Requests())
	for _, route := range s.server.Routes() {
		if !strings.HasPrefix(route.Pattern, "POST ") {
			continue
		}
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			r := s.request(t, route.Pattern, [2]int64{1, 1})
			r.Header.Set(name, value)
			b := s.signIn(priya)
			p := b.do(r).want(403)
			wantErrorPage(t, p)
			wantStrict(t, p)
		}
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d more requests, want none", got-before)
	}
	if got := record(t, s); len(got) != 1 || got[0].Subject != "Printer on fire" {
		t.Errorf("recorded meetings are %v, want only the first", got)
	}
}

func TestFormFromPublicAddressBehindProxy(t *testing.T) {
	t.Parallel()
	s := newSite(t, withPublic("https://meet.example.org"))
	r := s.request(t, "POST /meetings", [2]int64{})
	r.Header.Set("Origin", "https://meet.example.org")
	if p := s.visitor("").do(r); p.status == http.StatusForbidden {
		t.Errorf("a form from the public address is refused:\n%s", p.text())
	}
}

func TestEveryHTTPSResponseSetsHSTS(t *testing.T) {
	t.Parallel()
	s := newSite(t, withPublic("https://meet.example.org"))
	b := s.visitor("")
	wantHSTS := func(p *page) {
		t.Helper()
		wantStrict(t, p)
		if got := p.header.Get("Strict-Transport-Security"); got != "max-age=31536000; includeSubDomains" {
			t.Errorf("%s: Strict-Transport-Security is %q", p.url, got)
		}
	}
	for _, route := range s.server.Routes() {
		wantHSTS(b.do(s.request(t, route.Pattern, [2]int64{1, 1})))
	}
	for path, status := range map[string]int{"/nowhere": 404, "/static/nothing.css": 404, "/auth/logout": 405, "/auth/callback": 401} {
		wantHSTS(b.get(path).want(status))
	}
}

func TestHelpDeskReadsAreAudited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	d := s.signIn(dana)
	d.get("/meetings/1").want(200)
	d.get("/meetings/1/invitation.ics").want(200)
	d.get("/meetings/1/qr.svg").want(200)
	d.get("/history?q=printer").want(200)
	d.post("/meetings", s.form("external_id", "DANA-1")).want(200)
	d.get("/meetings/2").want(200)
	d.get("/meetings/2/invitation.ics").want(200)
	got := audit(t, s)
	want := []string{"dana@contoso.example meeting.read 1 ", "dana@contoso.example meeting.read 1 invitation.ics", "dana@contoso.example meeting.read 1 qr.svg", "dana@contoso.example history.read 0 printer"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the audit log is\n%q, want\n%q", got, want)
	}
}
