package web_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"meetdesk/emulator"
	"meetdesk/paths"
	"meetdesk/testenv"
)

type weigher struct {
	http.RoundTripper
	t    testing.TB
	host string
}

// maxCookies is more than the session's cookie and all sign-in cookies take; see
// signInSlots. nginx accepts 8 KB of headers.
const maxCookies = 3 << 10

// weigh makes the test fail if the browser receives 4 KB of headers or more, or sends more
// than maxCookies bytes of cookies. A status of 400 or 502 also fails the test, because that is how
// nginx responds if the headers are too long.
func (b *browser) weigh() *browser {
	b.client.Transport = &weigher{b.client.Transport, b.t, mustURL(b.t, b.url).Host}
	return b
}

func (w *weigher) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(r)
	if err != nil || r.URL.Host != w.host {
		return resp, err
	}
	if sent := len(r.Header.Get("Cookie")); sent > maxCookies {
		w.t.Errorf("%s: the browser sends cookies of %d bytes", r.URL.Path, sent)
	}
	var head strings.Builder
	_ = resp.Header.Write(&head)
	if head.Len()+len("HTTP/1.1 303 See Other\r\n\r\n") >= 4096 {
		w.t.Errorf("%.100s: headers of %d bytes:\n%.300s", r.URL, head.Len(), head.String())
	}
	if resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusBadRequest {
		w.t.Errorf("%.100s: status %d", r.URL, resp.StatusCode)
	}
	return resp, err
}

// random returns text that compresses to about three quarters of its length.
func random(length int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b strings.Builder
	for range length {
		b.WriteByte(letters[rand.IntN(len(letters))])
	}
	return b.String()
}

// TestManyTabs opens many tabs without a session, then signs in from some of them. Each
// sign-in must lead to the page requested in that tab.
func TestManyTabs(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, behindNginx)
	deep := func(i int) string {
		return "/meetings/new?" + url.Values{
			"external_id": {fmt.Sprint("INC", i)}, "subject": {random(200)}, "start": {"2031-05-05T10:00:00Z"}, "attendees": {strings.Repeat("a.person@contoso.example\n", 20)},
		}.Encode()
	}
	search := func(int) string { return "/history?q=" + random(1380) }
	for _, tt := range []struct {
		name       string
		tabs       int
		page       func(i int) string
		concurrent bool
	}{
		{"40 tabs", 40, func(i int) string { return fmt.Sprint("/history?q=tab", i) }, false},
		{"40 concurrent tabs", 40, func(i int) string { return fmt.Sprint("/history?q=tab", i) }, true},
		{"100 tabs", 100, func(i int) string { return fmt.Sprint("/t/INC", i) }, false},
		{"9 deep links", 9, deep, false},
		{"25 concurrent deep links", 25, deep, true},
		{"3 long searches", 3, search, false},
		{"30 long searches", 30, search, false},
		{"10 searches in another script", 10, func(i int) string {
			return "/history?" + url.Values{"q": {fmt.Sprint(strings.Repeat("Пароль не работает ", 7), i)}}.Encode()
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := s.browser().weigh()
			tabs, all := make([]*page, tt.tabs), sync.WaitGroup{}
			paths := make([]string, tt.tabs)
			for i := range tabs {
				paths[i] = tt.page(i)
				if !tt.concurrent {
					tabs[i] = b.get(paths[i]).want(200, "Pick an account")
					continue
				}
				all.Go(func() { tabs[i] = b.get(paths[i]) })
			}
			all.Wait()
			size := 0
			for _, c := range b.client.Jar.Cookies(mustURL(t, s.url)) {
				if size += len(c.Name) + len(c.Value) + len("=; "); !strings.HasPrefix(c.Name, "__Host-meetdesk-signin-") {
					t.Errorf("unexpected cookie %s", c.Name)
				}
			}
			if size > maxCookies || size == 0 {
				t.Errorf("the cookies have %d bytes, want 1 to %d", size, maxCookies)
			}
			t.Logf("cookies of %d bytes", size)
			for i := tt.tabs - 1; i >= 0; i -= max(1, tt.tabs/5) {
				p := s.pick(b, tabs[i].want(200, "Pick an account"), priya).want(200)
				want := paths[i]
				if strings.HasPrefix(want, "/t/") {
					want = "/meetings/new?external_id=" + want[len("/t/"):]
				}
				if got := p.url.RequestURI(); got != want {
					t.Errorf("tab %d of %d led to\n%s, want\n%s", i, tt.tabs, got, want)
				}
			}
			b.get("/history").want(200, "Priya Nair")
		})
	}
}

// TestResponsesFitNginx checks that the response headers do not exceed nginx's limits, even
// for long URLs and for a person with many roles.
func TestResponsesFitNginx(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	many := emulator.Person{ObjectID: "7c0e0000-0000-4000-8000-000000000009", UPN: "many@contoso.example", Name: "Many Roles", Roles: []string{"Meetdesk.Staff"}}
	for i := range 300 {
		many.Roles = append(many.Roles, fmt.Sprint("Another.Application.Role.", i))
	}
	s := newSite(t, behindNginx, withPeople(many))
	in := s.signIn(priya).weigh()
	if err := s.graph.RequireClaims(priyaID, `{"access_token":{"acrs":{"essential":true,"value":"`+random(600)+`"}}}`); err != nil {
		t.Fatal(err)
	}
	in.post("/meetings", s.form()).want(200, "Sign in again")
	out := s.browser().weigh()
	for _, length := range []int{1, 1300, 1401, 1499, 1501, 2500, 4000, 6000} {
		for name, text := range map[string]string{"random": random(length), "one letter": strings.Repeat("x", length), "ampersands": strings.Repeat("&", length), "percent": strings.Repeat("%C3%A4", length/6)} {
			t.Run(fmt.Sprint(name, length), func(t *testing.T) {
				for _, path := range []string{"/history?q=" + text, "/t/INC1?subject=" + text, "/meetings/new?attendees=" + text, "/nowhere?" + text, "//history?q=" + text, "/t/../history?q=" + text, "/history/?q=" + text, "/t?subject=" + text} {
					for _, b := range []*browser{in, out} {
						if p := b.get(path); p.status == http.StatusRequestURITooLong || p.status >= 500 {
							t.Errorf("%.60s: status %d", path, p.status)
						}
					}
				}
				if text = url.QueryEscape(text); len(text) > 7000 {
					return // the URLs below would be too long for nginx
				}
				out.get("/auth/login?return_to=/history?q="+text).want(200, "Pick an account")
				out.get("/auth/login?login_hint=" + text).want(200)
				out.get("/auth/login?claims=" + text).want(200)
				in.get("/auth/login?login_hint=" + priya + "&attempt=" + text).want(200)
				out.get("/auth/callback?code=x&state=" + text).want(401)
				out.get("/auth/callback?code=" + text + "&state=x").want(401)
				out.get("/auth/frontchannel-logout?sid=" + text).want(200)
				in.post("/preferences", url.Values{"theme": {"dark"}, "return_to": {"/history?q=" + text}}).want(200)
			})
		}
	}
	t.Run("claims challenge with a long address", func(t *testing.T) {
		p := in.get(paths.StepUp(1, "/history?q="+random(1480), random(290)))
		// The provider's URL is too long for a Location header, so the desk responds
		// with a page that opens the URL.
		to := p.want(200, "The next page opens by itself.").doc.Find("main a").AttrOr("href", "")
		if refresh := p.doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""); refresh != "0; url="+to {
			t.Errorf("the page leads to %s", refresh)
		}
		r, err := http.NewRequest(http.MethodGet, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.pick(in, in.do(r).want(200, "Pick an account"), priya).want(200, "Priya Nair")
	})
	t.Run("300 roles", func(t *testing.T) {
		b := s.browser().weigh()
		b.get("/auth/login?login_hint=many@contoso.example").want(200, "Many Roles")
		_, to, _ := strings.Cut(b.post("/auth/logout", nil).want(200).doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""), "url=")
		r, err := http.NewRequest(http.MethodGet, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if p := b.do(r).want(200); p.url.Path != "/auth/signed-out" {
			t.Errorf("the sign-out led to %s, want /auth/signed-out", p.url)
		}
	})
}

// TestLongAddressWithoutSession requests URLs that are too long to return to after a
// sign-in. Instead of a redirect, the response must be a page that says what to do.
func TestLongAddressWithoutSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/history?q=" + random(2000), "/meetings/new?subject=" + random(3000), "/t/INC1?attendees=" + strings.Repeat("%E4%BC%9A", 200)} {
		p := s.browser().get(path).want(401, "too long", "reload")
		if p.url.RequestURI() != path || p.doc.Find(`a[href^="/auth/login"]`).Length() == 0 {
			t.Errorf("got %s, want the same address with a link to sign in", p.url)
		}
	}
}

// TestSignInCookie checks the cookie's attributes. A second sign-in must not change the
// cookie, and the state parameter must not reveal the requested page.
func TestSignInCookie(t *testing.T) {
	t.Parallel()
	login := "/auth/login?" + url.Values{"return_to": {"/history?q=confidential"}}.Encode()
	for public, name := range map[string]string{"": "meetdesk-signin-1=", "https://meet.example.org": "__Host-meetdesk-signin-1="} {
		s := newSite(t, withPublic(public))
		b := s.visitor("")
		start := b.get(login)
		cookies := start.header.Values("Set-Cookie")
		if len(cookies) != 1 || !strings.HasPrefix(cookies[0], name) || !strings.Contains(cookies[0], "Path=/;") || strings.Contains(cookies[0], "Domain") ||
			!strings.Contains(cookies[0], "Max-Age=900") || !strings.Contains(cookies[0], "HttpOnly") || strings.Contains(cookies[0], "Secure") != (public != "") {
			t.Errorf("the cookies are %q", cookies)
		}
		state := mustURL(t, start.header.Get("Location")).Query().Get("state")
		sealed, err := base64.RawURLEncoding.DecodeString(state)
		if err != nil || strings.Contains(string(sealed), "confidential") || len(state) > 300 {
			t.Errorf("the state %q is readable or too long", state)
		}
		if public == "" {
			second := b.get(login)
			if a, _, _ := strings.Cut(second.header.Get("Set-Cookie"), ";"); !strings.HasPrefix(cookies[0], a) {
				t.Errorf("the second sign-in set another cookie: %q", a)
			}
			if other := mustURL(t, second.header.Get("Location")).Query(); other.Get("state") == state || other.Get("nonce") == "" {
				t.Error("two sign-ins have the same state")
			}
		}
	}
}
