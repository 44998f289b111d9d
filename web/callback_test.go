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

	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// authorize signs the person in at the provider. It returns the callback URL without
// requesting it.
func (s *site) authorize(b *browser, login, upn string) string {
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

func stateOf(t *testing.T, back string) string {
	t.Helper()
	return mustURL(t, back).Query().Get("state")
}

// TestSignInOnlyOnce checks that a repeated callback fails in any browser, and that the
// desk does not call the provider again.
func TestSignInOnlyOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	back := s.authorize(b, "/auth/login?", priya)
	b.get(back).want(200)
	if calls := s.Redeemed.Load(); calls != 1 {
		t.Fatalf("%d calls to the token endpoint for one sign-in, want 1", calls)
	}
	b.get(back).want(401, "already used")
	s.browser().get(back).want(401)
	if calls := s.Redeemed.Load(); calls != 1 {
		t.Errorf("%d calls to the token endpoint for one sign-in, want 1", calls)
	}
	if len(b.client.Jar.Cookies(mustURL(t, s.url))) != 2 {
		t.Error("the browser does not have exactly the cookies of the session and the sign-in")
	}
}

// TestInvalidCallbacks checks that the desk does not call the provider for callbacks that
// are forged, expired, repeated, or from another browser.
func TestInvalidCallbacks(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	attacker := s.browser()
	back := s.authorize(attacker, "/auth/login?", sam)
	state := stateOf(t, back)
	victim := s.browser()
	victim.get("/auth/login") // the attacker can make the victim's browser start a sign-in, which sets a cookie
	for name, try := range map[string]func() *page{
		"no state":                    func() *page { return attacker.get("/auth/callback?code=x") },
		"empty state":                 func() *page { return attacker.get("/auth/callback?code=x&state=") },
		"invented state":              func() *page { return attacker.get("/auth/callback?code=x&state=" + random(40)) },
		"long state":                  func() *page { return attacker.get("/auth/callback?code=x&state=" + random(3000)) },
		"truncated state":             func() *page { return attacker.get("/auth/callback?code=x&state=" + state[:len(state)-4]) },
		"state with another letter":   func() *page { return attacker.get("/auth/callback?code=x&state=" + state + "A") },
		"state in lower case":         func() *page { return attacker.get("/auth/callback?code=x&state=" + strings.ToLower(state)) },
		"changed letter in the state": func() *page { return attacker.get("/auth/callback?code=x&state=" + flip(state)) },
		"state with a tilde":          func() *page { return attacker.get("/auth/callback?code=x&state=" + state[:9] + "~" + state[10:]) },
		"no cookie":                   func() *page { return s.browser().get(back) },
		"somebody else's cookie":      func() *page { return victim.get(back) },
		"empty cookie": func() *page {
			b := s.browser()
			b.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: "meetdesk-signin-1", Path: "/"}})
			return b.get(back)
		},
		"forged cookies": func() *page {
			b := s.browser()
			for i := range 40 {
				b.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{{Name: fmt.Sprint("meetdesk-signin-", i), Value: random(26), Path: "/"}})
			}
			return b.get(back)
		},
	} {
		t.Run(name, func(t *testing.T) {
			try().want(401, "This sign-in cannot be used")
			if calls := s.Redeemed.Load(); calls != 0 {
				t.Errorf("%d calls to the token endpoint, want none", calls)
			}
		})
	}

	t.Run("same browser", func(t *testing.T) {
		attacker.get(back).want(403, "Sam")
		if calls := s.Redeemed.Load(); calls != 1 {
			t.Errorf("%d calls to the token endpoint, want none", calls)
		}
	})
	t.Run("expired", func(t *testing.T) {
		b := s.browser()
		back := s.authorize(b, "/auth/login?", priya)
		s.SetAhead(15*time.Minute + 2*time.Second)
		defer s.SetAhead(0)
		b.get(back).want(401, "took too long")
		if calls := s.Redeemed.Load(); calls != 1 {
			t.Errorf("%d calls to the token endpoint, want none", calls)
		}
	})
	t.Run("1,000 concurrent codes for one sign-in", func(t *testing.T) {
		b := s.browser()
		state := stateOf(t, s.authorize(b, "/auth/login?", priya))
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
			t.Errorf("%d calls to the token endpoint and %d refusals, want 1 and 999", calls, refused.Load())
		}
	})
	t.Run("error of the provider", func(t *testing.T) {
		b := s.browser()
		state := stateOf(t, s.authorize(b, "/auth/login?", priya))
		b.get("/auth/callback?error=access_denied&state="+state).want(403, "cancelled")
		b.get("/auth/callback?code=x&state="+state).want(401, "already used")
	})
}

func flip(state string) string {
	b := []byte(state)
	if b[len(b)/2] == 'A' {
		b[len(b)/2] = 'B'
	} else {
		b[len(b)/2] = 'A'
	}
	return string(b)
}

// TestFailedSignInKeepsReturnTo checks that the page after a failed sign-in has a link to
// sign in again, and that the new sign-in leads to the page originally requested.
func TestFailedSignInKeepsReturnTo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const target = "/history?q=printer"
	login := "/auth/login?" + url.Values{"return_to": {target}}.Encode() + "&"
	for name, try := range map[string]func(b *browser) *page{
		"other browser": func(b *browser) *page { return s.browser().get(s.authorize(b, login, priya)) },
		"cancelled": func(b *browser) *page {
			return b.get("/auth/callback?error=access_denied&state=" + stateOf(t, s.authorize(b, login, priya)))
		},
		"no code": func(b *browser) *page {
			return b.get("/auth/callback?state="+stateOf(t, s.authorize(b, login, priya))).want(403, "without a sign-in code")
		},
		"invalid code": func(b *browser) *page {
			return b.get("/auth/callback?code=x&state=" + stateOf(t, s.authorize(b, login, priya)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := try(s.browser())
			again := s.browser()
			if got := s.pick(again, again.get(signInLink(p)), priya); p.status < 400 || got.url.RequestURI() != target {
				t.Errorf("status %d and a link to %s, want an error with a link to %s in:\n%s", p.status, got.url, target, p.body)
			}
		})
	}
}

// TestManySignIns checks that many unfinished sign-ins do not invalidate a person's own
// sign-in, and that they store nothing in the database.
func TestManySignIns(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	back := s.authorize(b, "/auth/login?", priya)
	db := enginetest.Connect(t, s.Dir)
	before := enginetest.Dump(t, db)
	visitor := s.visitor("")
	for range 300 {
		visitor.client.Jar = s.browser().client.Jar
		visitor.get("/auth/login?return_to=/history?q=" + random(1000))
	}
	if after := enginetest.Dump(t, db); after != before {
		t.Errorf("the database has changed from %s to %s", before, after)
	}
	b.get(back).want(200, "Priya Nair")
}
