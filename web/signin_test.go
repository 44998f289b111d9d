package web_test

import (
	"crypto/hkdf"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/securecookie"

	"meetdesk/emulator"
	"meetdesk/store/enginetest"
)

func TestSignInRefused(t *testing.T) {
	t.Parallel()
	outsider := func(n byte, change func(*emulator.Person)) emulator.Person {
		p := emulator.Person{ObjectID: "7c0e0000-0000-4000-8000-00000000000" + string('0'+n), UPN: "outsider" + string('0'+n) + "@contoso.example", Name: "Sample", Roles: []string{"Meetdesk.Staff"}}
		change(&p)
		return p
	}
	people := []emulator.Person{
		outsider(1, func(p *emulator.Person) { p.Tenant = "11111111-2222-4333-8444-555555555555" }),
		outsider(2, func(p *emulator.Person) { p.Tenant = emulator.PersonalTenant }),
		outsider(3, func(p *emulator.Person) { p.Guest = true }),
		outsider(4, func(p *emulator.Person) { p.Denied = []string{"OnlineMeetings.ReadWrite"} }),
	}
	s := newSite(t, withPeople(people...))
	for i, want := range []string{"another organi", "personal", "guest", "permission"} {
		b := s.browser()
		p := b.get("/auth/login?login_hint=" + url.QueryEscape(people[i].UPN))
		if p.status < 400 || !strings.Contains(strings.ToLower(p.text()), want) {
			t.Errorf("%s: status %d, want a refusal with %q in:\n%s", people[i].UPN, p.status, want, p.text())
		}
		wantErrorPage(t, p)
		for _, cookie := range b.client.Jar.Cookies(mustURL(t, s.url+"/")) {
			if cookie.Name == "meetdesk" {
				t.Errorf("%s: there is a session cookie", people[i].UPN)
			}
		}
	}

	t.Run("person without a role", func(t *testing.T) {
		p := s.browser().get("/auth/login?login_hint="+sam).want(403, "Sam Norole", "administrator")
		wantErrorPage(t, p)
		if p.doc.Find(`form[action="/auth/logout"]`).Length() == 0 {
			t.Error("the page has no sign-out button")
		}
	})
}

func TestSignInReturnsToPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for to, want := range map[string]string{
		"/history?q=a%20b":            "/history?q=a%20b",
		"/meetings/new?external_id=X": "/meetings/new?external_id=X",
		"":                            "/",
		"https://evil.example/":       "/",
		"//evil.example/":             "/",
		"/\\evil.example/":            "/",
		"/\t/evil.example/":           "/",
		"javascript:alert(1)":         "/",
		"history":                     "/",
	} {
		p := s.browser().get("/auth/login?" + url.Values{"login_hint": {priya}, "return_to": {to}}.Encode())
		if got := p.url.RequestURI(); p.url.Host != mustURL(t, s.url).Host || got != want {
			t.Errorf("return_to %q led to %s, want %s", to, p.url, want)
		}
	}

	t.Run("form sent after the session ended", func(t *testing.T) {
		b := s.signIn(priya)
		s.SetAhead(13 * time.Hour)
		defer s.SetAhead(0)
		p := b.post("/meetings", s.form("subject", "Typed before lunch"))
		p = s.pick(b, b.get(signInLink(p.want(401))), priya).want(200)
		if got := fields(p); got.Get("subject") != "Typed before lunch" || got.Get("external_id") != "INC0012345" || got.Get("attendees") == "" {
			t.Errorf("the form has %v, want what was typed", got)
		}
		if len(record(t, s)) != 0 {
			t.Error("the meeting was created without a session")
		}
	})
}

// pick chooses the account on the provider's page.
func (s *site) pick(b *browser, p *page, upn string) *page {
	s.t.Helper()
	button := p.doc.Find(`button:contains("` + upn + `")`)
	form := button.Closest("form")
	if form.Length() == 0 {
		s.t.Fatalf("%s: no such account on the page:\n%s", p.url, p.text())
	}
	values := url.Values{}
	for _, input := range form.Find("input").EachIter() {
		values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
	action, err := p.url.Parse(form.AttrOr("action", ""))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.postTo(b, action, values)
}

// postTo sends a form to a URL outside the site, such as a page of the provider.
func (s *site) postTo(b *browser, to *url.URL, form url.Values) *page {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	t.Run("cookie", func(t *testing.T) {
		b := s.browser()
		b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if r.URL.Path == "/" {
				return http.ErrUseLastResponse
			}
			return nil
		}
		p := b.get("/auth/login?login_hint=" + priya)
		cookie := p.header.Get("Set-Cookie") + strings.Join(p.header.Values("Set-Cookie"), "\n")
		for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, want) {
				t.Errorf("the cookie %q lacks %s", cookie, want)
			}
		}
		if len(cookie) > 1200 {
			t.Errorf("the cookies have %d bytes, want at most 1200", len(cookie))
		}
	})

	t.Run("new ID at every sign-in", func(t *testing.T) {
		b := s.signIn(priya)
		before := sessionCookie(t, b)
		b.get("/auth/login?login_hint=" + priya).want(200)
		if sessionCookie(t, b) == before {
			t.Error("the session ID did not change")
		}
		old := s.browser()
		old.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: "meetdesk", Value: before, Path: "/"}})
		if p := old.get("/"); p.doc.Find(`form[action="/auth/logout"]`).Length() != 0 {
			t.Error("the old ID still opens the session")
		}
	})

	t.Run("expiry", func(t *testing.T) {
		defer s.SetAhead(0)
		b := s.signIn(priya)
		for h := 1; h <= 13; h += 3 {
			s.SetAhead(time.Duration(h) * time.Hour)
			signedIn := b.get("/").url.Path == "/"
			if want := h < 12; signedIn != want {
				t.Fatalf("after %d hours of use, signed in is %v, want %v", h, signedIn, want)
			}
		}
		s.SetAhead(0)
		b = s.signIn(priya)
		s.SetAhead(5 * time.Hour)
		if p := b.get("/"); p.url.Path == "/" {
			t.Error("the session is still open after five idle hours")
		}
	})

	t.Run("sign-out here and at the provider", func(t *testing.T) {
		b := s.signIn(priya)
		cookie := sessionCookie(t, b)
		var paths []string
		b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			paths = append(paths, r.URL.Path)
			return nil
		}
		p := b.post("/auth/logout", nil).want(200, "You are signed out")
		out, ok := strings.CutPrefix(p.doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""), "0; url=")
		if link := p.doc.Find("main a").AttrOr("href", ""); !ok || link != out || len(paths) != 0 {
			t.Fatalf("the page leads to %q by itself and to %q by its link, after the redirects %v; want one address and no redirects", out, link, paths)
		}
		if p.doc.Find("header form, header nav, footer").Length() != 0 {
			t.Errorf("the page still has a person's navigation:\n%s", p.text())
		}
		r, err := http.NewRequest(http.MethodGet, out, nil)
		if err != nil {
			t.Fatal(err)
		}
		if b.do(r); !strings.Contains(out, "/logout") || len(paths) != 1 || paths[0] != "/auth/signed-out" {
			t.Errorf("signed out by %s and the redirects %v, want the provider's end-session endpoint and one redirect to /auth/signed-out", out, paths)
		}
		other := s.browser()
		other.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: "meetdesk", Value: cookie, Path: "/"}})
		if p := other.get("/history"); p.url.Path == "/history" {
			t.Error("the cookie still opens the history")
		}
	})
}

func TestSecretsAreNotStored(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	token := s.graph.Requests()[0].Header.Get("Authorization")
	token = strings.TrimPrefix(token, "Bearer ")
	if len(token) < 20 {
		t.Fatalf("the token is %q", token)
	}
	if strings.Contains(readColumn(t, s, `SELECT tokens FROM grants`), token[:20]) {
		t.Error("the database has a token in plain text")
	}
	var id string
	if err := cookieCodec(t).Decode("meetdesk", sessionCookie(t, b), &id); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte(id))
	if stored := readColumn(t, s, `SELECT hash FROM sessions`); stored != string(hash[:]) {
		t.Errorf("the database has %x for the session, want the hash of its ID", stored)
	}
	if strings.Contains(s.Log.String(), token[:20]) {
		t.Error("a token is in the log")
	}
}

func cookieCodec(t *testing.T) *securecookie.SecureCookie {
	t.Helper()
	derived, err := hkdf.Key(sha256.New, []byte("0123456789abcdef0123456789abcdef"), nil, "meetdesk cookie session", 64)
	if err != nil {
		t.Fatal(err)
	}
	return securecookie.New(derived[:32], nil)
}

func sessionCookie(t *testing.T, b *browser) string {
	t.Helper()
	for _, c := range b.client.Jar.Cookies(mustURL(t, b.url+"/")) {
		if c.Name == "meetdesk" {
			return c.Value
		}
	}
	t.Fatal("no session cookie")
	return ""
}

// readColumn reads one value directly from the database.
func readColumn(t testing.TB, s *site, query string) (text string) {
	t.Helper()
	db := enginetest.Connect(t, s.Dir)
	defer db.Close()
	if err := db.QueryRow(query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	used := func() string { return readColumn(t, s, `SELECT used_at FROM sessions`) }
	before := used()
	s.SetAhead(30 * time.Second)
	b.get("/").want(200)
	if used() != before {
		t.Error("the last use was written again after half a minute")
	}
	s.SetAhead(90 * time.Second)
	b.get("/").want(200)
	if used() == before {
		t.Error("the last use was not written after a minute and a half")
	}
}

// TestLogNamesClaims checks that the log names the tenant and the roles in the ID token of
// a user whose sign-in is refused.
func TestLogNamesClaims(t *testing.T) {
	t.Parallel()
	const elsewhere = "11111111-2222-4333-8444-555555555555"
	people := []emulator.Person{
		{ObjectID: "7c0e0000-0000-4000-8000-000000000001", UPN: "a@contoso.example", Name: "A", Tenant: elsewhere, Roles: []string{"Meetdesk.Staff", "Other.Role"}},
		{ObjectID: "7c0e0000-0000-4000-8000-000000000002", UPN: "b@contoso.example", Name: "B", Roles: []string{"meetdesk.staff", "Meetdesk.Stuff"}},
		{ObjectID: "7c0e0000-0000-4000-8000-000000000003", UPN: "c@contoso.example", Name: "C"},
		{ObjectID: "7c0e0000-0000-4000-8000-000000000004", UPN: "d@contoso.example", Name: "D", Guest: true, Roles: []string{"Meetdesk.Admin"}},
		{ObjectID: "7c0e0000-0000-4000-8000-000000000005", UPN: "e@contoso.example", Name: "E", Tenant: emulator.PersonalTenant},
	}
	s := newSite(t, withPeople(people...))
	for i, want := range []string{
		`tid \"` + elsewhere + `\", roles [\"Meetdesk.Staff\" \"Other.Role\"]; meetdesk serves tid \"` + emulator.DefaultTenant,
		`without a role of this desk: tid \"` + emulator.DefaultTenant + `\", roles [\"meetdesk.staff\" \"Meetdesk.Stuff\"]`,
		`without a role of this desk: tid \"` + emulator.DefaultTenant + `\", roles []`,
		`tid \"` + emulator.DefaultTenant + `\", roles [\"Meetdesk.Admin\"]`,
		`tid \"` + emulator.PersonalTenant + `\", roles []`,
	} {
		s.browser().get("/auth/login?login_hint=" + url.QueryEscape(people[i].UPN)).want(403)
		if !strings.Contains(s.Log.String(), want) {
			t.Errorf("%s: want %s in the log:\n%s", people[i].UPN, want, s.Log.String())
		}
	}
}

// TestProviderDown checks that signing in fails immediately if the provider cannot be
// reached, and that it works again within two seconds of the provider's recovery.
func TestProviderDown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.graph.FailNext("GET /openid-configuration", emulator.Failure{Status: 500})
	var link string
	for start, n := time.Now(), 0; n < 20; n++ { // only the first request to the provider fails; later ones would succeed
		s.SetAhead(time.Duration(n)*30*time.Millisecond - time.Since(start)) // 0.6 s in total, however slow the machine is
		p := s.browser().get("/history?q=printer").want(503, "cannot be reached")
		link = signInLink(p)
	}
	s.SetAhead(2 * time.Second)
	visitor := s.browser()
	if p := s.pick(visitor, visitor.get(link), priya).want(200); p.url.RequestURI() != "/history?q=printer" {
		t.Errorf("sign-in led to %s, want the history", p.url)
	}
}
