package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// verdict is what becomes of a request: let through to the route's work, or not.
type verdict bool

const (
	yes verdict = true
	no  verdict = false
)

// accessTable says who may use each route. Where the address names a meeting,
// or an attempt, it is the organizer's; the staff, help desk and administrator
// of the columns are strangers to it.
var accessTable = map[string]struct {
	nobody, noRole, organizer, staff, helpDesk, admin verdict
}{
	"GET /healthz":                      {yes, yes, yes, yes, yes, yes},
	"GET /favicon.ico":                  {yes, yes, yes, yes, yes, yes},
	"GET /static/{file}":                {yes, yes, yes, yes, yes, yes},
	"GET /auth/login":                   {yes, yes, yes, yes, yes, yes},
	"GET /auth/callback":                {yes, yes, yes, yes, yes, yes},
	"GET /auth/frontchannel-logout":     {yes, yes, yes, yes, yes, yes},
	"GET /auth/signed-out":              {yes, yes, yes, yes, yes, yes},
	"GET /auth/session":                 {yes, yes, yes, yes, yes, yes},
	"POST /auth/logout":                 {yes, yes, yes, yes, yes, yes},
	"GET /{$}":                          {no, no, yes, yes, yes, yes},
	"GET /history":                      {no, no, yes, yes, yes, yes},
	"GET /history.csv":                  {no, no, yes, yes, yes, yes},
	"GET /history.xlsx":                 {no, no, yes, yes, yes, yes},
	"GET /meetings/new":                 {no, no, yes, yes, yes, yes},
	"POST /meetings":                    {no, no, yes, yes, yes, yes},
	"GET /meetings/{id}":                {no, no, yes, no, yes, yes},
	"GET /meetings/{id}/invitation.ics": {no, no, yes, no, yes, yes},
	"GET /meetings/{id}/qr.svg":         {no, no, yes, no, yes, yes},
	"GET /meetings/{id}/edit":           {no, no, yes, no, no, no},
	"POST /meetings/{id}/update":        {no, no, yes, no, no, no},
	"GET /t/{external_id...}":           {no, no, yes, yes, yes, yes},
	"GET /people":                       {no, no, yes, yes, yes, yes},
	"GET /meetings/guard":               {no, no, yes, yes, yes, yes},
	"GET /meetings/adopt":               {no, no, yes, yes, yes, yes},
	"POST /meetings/adopt":              {no, no, yes, yes, yes, yes},
	"GET /meetings/{id}/remove":         {no, no, yes, no, no, no},
	"POST /meetings/{id}/remove":        {no, no, yes, no, no, no},
	"POST /meetings/{id}/refresh":       {no, no, yes, no, no, no},
	"POST /meetings/{id}/hand-over":     {no, no, yes, yes, yes, yes}, // who knows the ticket; see TestHandOverTakesTheTicket
	"POST /attempts/{id}/retry":         {no, no, yes, no, no, no},
	"POST /attempts/{id}/dismiss":       {no, no, yes, no, no, no},
	"POST /preferences":                 {no, yes, yes, yes, yes, yes},
	"GET /meetings/summary":             {no, no, yes, yes, yes, yes},
}

// persons are the five of the demo and nobody; whose meetings a person's column
// is about is said by the organizer.
var persons = []string{"", sam, priya, tomas, dana, alex}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	owned := make(map[string][2]int64) // organizer → meeting and attempt
	for _, organizer := range []string{priya, tomas, dana, alex} {
		s.signIn(organizer).post("/meetings", s.form("external_id", "INC-"+organizer)).want(200)
		m := newest(t, s, "INC-"+organizer)
		owned[organizer] = [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}
	}
	browsers := make(map[string]*browser)
	for _, route := range s.server.Routes() {
		row, ok := accessTable[route.Pattern]
		if !ok {
			t.Errorf("the route %q has no row in the table: say who may use it", route.Pattern)
			continue
		}
		for _, person := range persons {
			for organizer, ids := range owned {
				want := map[string]verdict{"": row.nobody, sam: row.noRole, priya: row.staff, tomas: row.staff, dana: row.helpDesk, alex: row.admin}[person]
				if person == organizer {
					want = row.organizer
				}
				t.Run(fmt.Sprintf("%s/%s/of %s", route.Pattern, person, organizer), func(t *testing.T) {
					if browsers[person] == nil {
						browsers[person] = s.visitor(person)
					}
					got, status := browsers[person].try(t, route.Pattern, ids)
					if route.Pattern == "POST /auth/logout" {
						delete(browsers, person)
					}
					if got != want {
						t.Errorf("let through: %v (status %d), want %v", got, status, want)
					}
				})
			}
		}
	}
}

// visitor returns the person's browser, which follows no redirects once they
// are signed in.
func (s *site) visitor(person string) *browser {
	b := s.browser()
	if person != "" {
		b.get("/auth/login?login_hint=" + url.QueryEscape(person))
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// try sends one request to the route, and reports whether it was let through.
// Every answer has the headers of a strict site.
func (b *browser) try(t *testing.T, pattern string, ids [2]int64) (verdict, int) {
	t.Helper()
	p := b.do(b.request(t, pattern, ids))
	wantStrict(t, p)
	toSignIn := strings.HasPrefix(p.header.Get("Location"), "/auth/login")
	refused := p.status == 401 || p.status == 403 || p.status == 404 || toSignIn
	if pattern == "GET /auth/callback" {
		refused = toSignIn // nobody started this sign-in: that is what it says, to everybody
	}
	return verdict(!refused), p.status
}

// request is a good request of the route, about that meeting and attempt.
func (s *site) request(t *testing.T, pattern string, ids [2]int64) *http.Request {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	id := ids[0]
	if strings.HasPrefix(path, "/attempts/") {
		id = ids[1]
	}
	path = strings.NewReplacer("{$}", "", "{id}", strconv.FormatInt(id, 10), "/static/{file}", s.server.Static.URL("app.css"), "{external_id...}", "INC-access").Replace(path)
	form := s.form("subject", "changed", "external_id", "INC-access", "anyway", "1")
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

func wantStrict(t *testing.T, p *page) {
	t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	if p.url.Path == "/auth/frontchannel-logout" { // the provider's page may frame it
		policy = regexp.MustCompile(`frame-ancestors http://127\.0\.0\.1:\d+$`).ReplaceAllString(policy, "frame-ancestors 'none'")
	}
	strict := regexp.MustCompile(`^default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`)
	if !strict.MatchString(policy) {
		t.Errorf("%s: the policy is %q", p.url, policy)
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
		t.Errorf("%s: inline script or style", p.url)
	}
}

func TestStrangersCannotTellRefusalFromAbsence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	b := s.signIn(tomas)
	for _, path := range []string{"/meetings/%d", "/meetings/%d/edit", "/meetings/%d/invitation.ics", "/meetings/%d/qr.svg"} {
		there, absent := b.get(fmt.Sprintf(path, 1)).want(404), b.get(fmt.Sprintf(path, 2)).want(404)
		if there.doc.Find("h1").Text() != absent.doc.Find("h1").Text() || there.doc.Find(".lead").Text() != strings.ReplaceAll(absent.doc.Find(".lead").Text(), "2", "1") {
			t.Errorf("%s reads %q where there is a meeting and %q where there is none", path, there.text(), absent.text())
		}
	}
	there, absent := b.post("/attempts/1/retry", nil).want(404), b.post("/attempts/2/retry", nil).want(404)
	if there.doc.Find(".lead").Text() != absent.doc.Find(".lead").Text() {
		t.Errorf("an attempt reads %q where there is one and %q where there is none", there.text(), absent.text())
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	asked := len(s.graph.Requests())
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
	if got := len(s.graph.Requests()); got != asked {
		t.Errorf("Graph was asked %d times more", got-asked)
	}
	if got := record(t, s); len(got) != 1 || got[0].Subject != "Printer on fire" {
		t.Errorf("something was recorded: %v", got)
	}
}

func TestAProxyMayPassOnAnotherHost(t *testing.T) {
	t.Parallel()
	s := newSite(t, withPublic("https://meet.example.org"))
	r := s.request(t, "POST /meetings", [2]int64{})
	r.Header.Set("Origin", "https://meet.example.org")
	if p := s.visitor("").do(r); p.status == http.StatusForbidden {
		t.Errorf("a form of the public address is refused:\n%s", p.text())
	}
}

func TestOnHTTPSEveryAnswerSaysSo(t *testing.T) {
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

func TestTheHelpDesksLooksAreAudited(t *testing.T) {
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
		t.Errorf("the audit says\n%q, want\n%q", got, want)
	}
}
