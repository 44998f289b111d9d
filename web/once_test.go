package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// returned goes to the provider and picks the person, and returns the address
// that the provider sends the browser back to without going there.
func (s *site) returned(b *browser, login, upn string) string {
	s.t.Helper()
	var back string
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/callback" {
			back = r.URL.RequestURI()
			return http.ErrUseLastResponse
		}
		return nil
	}
	defer func() { b.client.CheckRedirect = nil }()
	b.get(login + "login_hint=" + url.QueryEscape(upn))
	if back == "" {
		s.t.Fatal("the provider did not send the browser back")
	}
	return back
}

// stateOf is the state parameter of a callback's address.
func stateOf(t *testing.T, back string) string {
	t.Helper()
	return mustURL(t, back).Query().Get("state")
}

// TestASignInIsGoodForOnce: the second time neither the same browser nor another
// gets in, and the provider is not called.
func TestASignInIsGoodForOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	back := s.returned(b, "/auth/login?", priya)
	b.get(back).want(200)
	if calls := s.Redeemed.Load(); calls != 1 {
		t.Fatalf("%d calls for one sign-in", calls)
	}
	b.get(back).want(401, "already used")
	s.browser().get(back).want(401)
	if calls := s.Redeemed.Load(); calls != 1 {
		t.Errorf("%d calls for one sign-in", calls)
	}
	if len(b.client.Jar.Cookies(mustURL(t, s.url))) != 2 {
		t.Error("the session's cookie is gone, or there are more than it and the sign-in's")
	}
}

// TestMadeUpCallbacks: what nobody began, what began in another browser or too
// long ago, and what was finished before costs no call to the provider.
func TestMadeUpCallbacks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	attacker := s.browser()
	back := s.returned(attacker, "/auth/login?", sam)
	state := stateOf(t, back)
	victim := s.browser()
	victim.get("/auth/login") // has a cookie of their own
	for name, try := range map[string]func() *page{
		"no state":                    func() *page { return attacker.get("/auth/callback?code=x") },
		"an empty state":              func() *page { return attacker.get("/auth/callback?code=x&state=") },
		"a state of one's own":        func() *page { return attacker.get("/auth/callback?code=x&state=" + random(40)) },
		"a long state":                func() *page { return attacker.get("/auth/callback?code=x&state=" + random(3000)) },
		"a state cut short":           func() *page { return attacker.get("/auth/callback?code=x&state=" + state[:len(state)-4]) },
		"a state with a letter more":  func() *page { return attacker.get("/auth/callback?code=x&state=" + state + "A") },
		"a state in another case":     func() *page { return attacker.get("/auth/callback?code=x&state=" + strings.ToLower(state)) },
		"another letter in the state": func() *page { return attacker.get("/auth/callback?code=x&state=" + flip(state)) },
		"a state with a tilde":        func() *page { return attacker.get("/auth/callback?code=x&state=" + state[:9] + "~" + state[10:]) },
		"no cookie":                   func() *page { return s.browser().get(back) },
		"the cookie of another":       func() *page { return victim.get(back) },
		"an empty cookie": func() *page {
			b := s.browser()
			b.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: "meetdesk-signin-1", Path: "/"}})
			return b.get(back)
		},
		"a made-up cookie in every slot": func() *page {
			b := s.browser()
			for i := range 40 {
				b.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: fmt.Sprint("meetdesk-signin-", i), Value: random(20), Path: "/"}})
			}
			return b.get(back)
		},
	} {
		t.Run(name, func(t *testing.T) {
			try().want(401, "That sign-in cannot be used")
			if calls := s.Redeemed.Load(); calls != 0 {
				t.Errorf("%d calls", calls)
			}
		})
	}

	t.Run("it is still good for the browser that began it", func(t *testing.T) {
		attacker.get(back).want(403, "Sam")
		if calls := s.Redeemed.Load(); calls != 1 {
			t.Errorf("%d calls", calls)
		}
	})
	t.Run("too late", func(t *testing.T) {
		b := s.browser()
		back := s.returned(b, "/auth/login?", priya)
		s.SetAhead(15*time.Minute + 2*time.Second)
		defer s.SetAhead(0)
		b.get(back).want(401, "took too long")
		if calls := s.Redeemed.Load(); calls != 1 {
			t.Errorf("%d calls", calls)
		}
	})
	t.Run("1,000 codes for one sign-in, at once", func(t *testing.T) {
		b := s.browser()
		state := stateOf(t, s.returned(b, "/auth/login?", priya))
		before, refused, all := s.Redeemed.Load(), atomic.Int64{}, sync.WaitGroup{}
		b.client.Transport.(*http.Transport).MaxIdleConnsPerHost = 20
		for worker := range 20 {
			all.Go(func() {
				for i := range 50 {
					if b.get(fmt.Sprintf("/auth/callback?code=x%d-%d&state=%s", worker, i, state)).status == 401 {
						refused.Add(1)
					}
				}
			})
		}
		all.Wait()
		if calls := s.Redeemed.Load() - before; calls != 1 || refused.Load() != 999 {
			t.Errorf("%d calls, %d refused", calls, refused.Load())
		}
	})
	t.Run("an error of the provider uses it up too", func(t *testing.T) {
		b := s.browser()
		state := stateOf(t, s.returned(b, "/auth/login?", priya))
		b.get("/auth/callback?error=access_denied&state="+state).want(403, "cancelled")
		b.get("/auth/callback?code=x&state="+state).want(401, "already used")
	})
}

// flip changes one letter in the middle.
func flip(state string) string {
	b := []byte(state)
	if b[len(b)/2] == 'A' {
		b[len(b)/2] = 'B'
	} else {
		b[len(b)/2] = 'A'
	}
	return string(b)
}

// TestASignInThatFailsLeadsBack: what the person wanted to see is not lost.
func TestASignInThatFailsLeadsBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const wanted = "/history?q=printer"
	login := "/auth/login?" + url.Values{"return_to": {wanted}}.Encode() + "&"
	again := loginLink(wanted)
	for name, try := range map[string]func(b *browser) *page{
		"in another browser": func(b *browser) *page { return s.browser().get(s.returned(b, login, priya)) },
		"cancelled": func(b *browser) *page {
			return b.get("/auth/callback?error=access_denied&state=" + stateOf(t, s.returned(b, login, priya)))
		},
		"without a code": func(b *browser) *page {
			return b.get("/auth/callback?state="+stateOf(t, s.returned(b, login, priya))).want(403, "without a sign-in code")
		},
		"a code that is not the provider's": func(b *browser) *page {
			return b.get("/auth/callback?code=x&state=" + stateOf(t, s.returned(b, login, priya)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := try(s.browser())
			if p.status < 400 || p.doc.Find(`a[href="`+again+`"]`).Length() == 0 {
				t.Errorf("status %d, no link to %s in:\n%s", p.status, again, p.body)
			}
		})
	}
}

func loginLink(returnTo string) string {
	return "/auth/login?" + url.Values{"return_to": {returnTo}}.Encode()
}

// TestStrangersDropNobody: however many sign-ins others begin and finish, a
// person's own stays good, and nothing of them is in the database.
func TestStrangersDropNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	back := s.returned(b, "/auth/login?", priya)
	before := readColumn(t, s, `SELECT count(*) || ' ' || (SELECT count(*) FROM grants) || ' ' || (SELECT page_count FROM pragma_page_count) FROM sessions`)
	stranger := s.visitor("")
	for range 300 {
		stranger.client.Jar = s.browser().client.Jar
		stranger.get("/auth/login?return_to=/history?q=" + random(1000))
	}
	if after := readColumn(t, s, `SELECT count(*) || ' ' || (SELECT count(*) FROM grants) || ' ' || (SELECT page_count FROM pragma_page_count) FROM sessions`); after != before {
		t.Errorf("the database went from %s to %s", before, after)
	}
	b.get(back).want(200, "Priya Nair")
}
