package emulator

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const tellMe = "http://localhost:8080/auth/frontchannel-logout?kept=1"

// signInHere signs somebody in in this browser, which keeps cookies, and returns
// the session of the ID token.
func (s *site) signInHere(browser *http.Client, upn string) string {
	s.t.Helper()
	c, verifier := s.app(), oauth2.GenerateVerifier()
	r, _ := s.read(browser.Get(c.AuthCodeURL("x", oauth2.S256ChallengeOption(verifier), oidc.Nonce("n"), oauth2.SetAuthURLParam("login_hint", upn))))
	token, err := c.Exchange(s.t.Context(), s.returned(r).Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		s.t.Fatal(err)
	}
	sid, _ := payload(s.t, token.Extra("id_token").(string))["sid"].(string)
	return sid
}

func newBrowser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// frames returns where the frames of a page lead.
func frames(t *testing.T, body string) (list []string) {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	page.Find("iframe").Each(func(_ int, f *goquery.Selection) { list = append(list, f.AttrOr("src", "")) })
	return list
}

// TestFrontChannelLogout: a sign-out at the emulator tells the application, by a
// frame with sid and without iss, as Entra does.
func TestFrontChannelLogout(t *testing.T) {
	s := newSite(t, func(o *Options) { o.FrontChannelLogoutURI = tellMe })
	out := s.e.tenantURL(logoutPath)
	frame := func(sid string) string { return tellMe + "&sid=" + sid }

	b := newBrowser()
	priya := s.signInHere(b, "priya@contoso.example")
	if again := s.signInHere(b, "priya@contoso.example"); again != priya || priya == "" {
		t.Errorf("the same person in the same browser has the sessions %q and %q", priya, again)
	}
	tomas := s.signInHere(b, "tomas@contoso.example")
	elsewhere := newBrowser()
	if there := s.signInHere(elsewhere, "priya@contoso.example"); there == priya || tomas == priya {
		t.Error("two browsers or two people share a session")
	}

	t.Run("one person's", func(t *testing.T) {
		_, body := s.read(b.Get(out + "?" + url.Values{"logout_hint": {person("tomas@contoso.example").loginHint()}}.Encode()))
		if got := frames(t, body); !slices.Equal(got, []string{frame(tomas)}) {
			t.Errorf("frames %q, want Tomás's session", got)
		}
	})
	t.Run("everybody's", func(t *testing.T) {
		s.signInHere(b, "dana@contoso.example")
		r, body := s.read(b.Get(out))
		got := frames(t, body)
		if len(got) != 2 || got[0] != frame(priya) || !strings.Contains(body, "You are signed out") {
			t.Errorf("frames %q", got)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "; frame-src http://localhost:8080") || strings.Contains(got[0], "iss=") {
			t.Errorf("policy %q, frames %q", policy, got)
		}
	})
	t.Run("nobody is there any more", func(t *testing.T) {
		r, body := s.read(b.Get(out))
		if got := frames(t, body); got != nil || strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-src") {
			t.Errorf("frames %q", got)
		}
		if again := s.signInHere(b, "priya@contoso.example"); again == priya {
			t.Error("the session that ended is back")
		}
	})
	t.Run("an application that sent the person knows", func(t *testing.T) {
		r, _ := s.read(elsewhere.Get(out + "?" + url.Values{"post_logout_redirect_uri": {goodbye}}.Encode()))
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != goodbye {
			t.Errorf("status %d, location %q", r.StatusCode, r.Header.Get("Location"))
		}
		if _, body := s.read(elsewhere.Get(out)); frames(t, body) != nil {
			t.Error("the session is still there")
		}
	})
	t.Run("cookies that nobody set", func(t *testing.T) {
		for _, value := range []string{"", ".", "_", "a_", "_b", "x", strings.Repeat("a_b.", 3000), `"><script>_x`} {
			r, err := http.NewRequest(http.MethodGet, out, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Cookie", sessionCookie+"="+value)
			if answer, body := s.read(newBrowser().Do(r)); answer.StatusCode != http.StatusOK || strings.Contains(body, "<script>") {
				t.Errorf("%.20q: status %d", value, answer.StatusCode)
			}
		}
	})
	t.Run("none is registered", func(t *testing.T) {
		s := newSite(t, nil)
		b := newBrowser()
		s.signInHere(b, "priya@contoso.example")
		if _, body := s.read(b.Get(s.e.tenantURL(logoutPath))); frames(t, body) != nil {
			t.Error("a frame that leads nowhere")
		}
	})
}
