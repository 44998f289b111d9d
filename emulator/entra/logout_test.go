package entra_test

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

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
)

const frontChannelLogout = "http://localhost:8080/auth/frontchannel-logout?kept=1"

// signInWith signs a person in with the given browser and returns the ID token's sid
// claim.
func signInWith(s *emutest.Site, browser *http.Client, upn string) string {
	s.T.Helper()
	c, verifier := s.App(), oauth2.GenerateVerifier()
	r, _ := s.Read(browser.Get(c.AuthCodeURL("x", oauth2.S256ChallengeOption(verifier), oidc.Nonce("n"), oauth2.SetAuthURLParam("login_hint", upn))))
	token, err := c.Exchange(s.T.Context(), s.Returned(r).Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		s.T.Fatal(err)
	}
	sid, _ := emutest.Claims(s.T, token.Extra("id_token").(string))["sid"].(string)
	return sid
}

func newBrowser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func frames(t *testing.T, body string) (list []string) {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	page.Find("iframe").Each(func(_ int, f *goquery.Selection) { list = append(list, f.AttrOr("src", "")) })
	return list
}

// TestFrontChannelLogout checks that a sign-out at the emulator notifies the application
// through a frame. As in Entra, the frame's URL contains sid but not iss.
func TestFrontChannelLogout(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.FrontChannelLogoutURI = frontChannelLogout })
	out := s.Emulator.Address(entra.LogoutPath)
	frame := func(sid string) string { return frontChannelLogout + "&sid=" + sid }

	b := newBrowser()
	priya := signInWith(s, b, "priya@contoso.example")
	if again := signInWith(s, b, "priya@contoso.example"); again != priya || priya == "" {
		t.Errorf("the same person in the same browser has the sessions %q and %q", priya, again)
	}
	tomas := signInWith(s, b, "tomas@contoso.example")
	elsewhere := newBrowser()
	if there := signInWith(s, elsewhere, "priya@contoso.example"); there == priya || tomas == priya {
		t.Error("two browsers or two people share a session")
	}

	t.Run("one person", func(t *testing.T) {
		_, body := s.Read(b.Get(out + "?" + url.Values{"logout_hint": {entra.LoginHint(emutest.Person("tomas@contoso.example"))}}.Encode()))
		if got := frames(t, body); !slices.Equal(got, []string{frame(tomas)}) {
			t.Errorf("frames %q, want Tomás's session", got)
		}
	})
	t.Run("everybody", func(t *testing.T) {
		signInWith(s, b, "dana@contoso.example")
		r, body := s.Read(b.Get(out))
		got := frames(t, body)
		if len(got) != 2 || got[0] != frame(priya) || !strings.Contains(body, "You are signed out") {
			t.Errorf("frames %q", got)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "; frame-src http://localhost:8080") || strings.Contains(got[0], "iss=") {
			t.Errorf("policy %q, frames %q", policy, got)
		}
	})
	t.Run("nobody is signed in", func(t *testing.T) {
		r, body := s.Read(b.Get(out))
		if got := frames(t, body); got != nil || strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-src") {
			t.Errorf("frames %q", got)
		}
		if again := signInWith(s, b, "priya@contoso.example"); again == priya {
			t.Error("a session that ended was restored")
		}
	})
	t.Run("started by the application", func(t *testing.T) {
		r, _ := s.Read(elsewhere.Get(out + "?" + url.Values{"post_logout_redirect_uri": {emutest.Goodbye}}.Encode()))
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != emutest.Goodbye {
			t.Errorf("status %d, location %q", r.StatusCode, r.Header.Get("Location"))
		}
		if _, body := s.Read(elsewhere.Get(out)); frames(t, body) != nil {
			t.Error("the session did not end")
		}
	})
}

func TestSignOutWithMalformedCookies(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.FrontChannelLogoutURI = frontChannelLogout })
	for _, value := range []string{"", ".", "_", "a_", "_b", "x", strings.Repeat("a_b.", 3000), `"><script>_x`} {
		r, err := http.NewRequest(http.MethodGet, s.Emulator.Address(entra.LogoutPath), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", entra.SessionCookie+"="+value)
		if got, body := s.Read(newBrowser().Do(r)); got.StatusCode != http.StatusOK || strings.Contains(body, "<script>") {
			t.Errorf("%.20q: status %d", value, got.StatusCode)
		}
	}
}

func TestSignOutWithoutARegisteredAddress(t *testing.T) {
	s := emutest.New(t, nil)
	b := newBrowser()
	signInWith(s, b, "priya@contoso.example")
	if _, body := s.Read(b.Get(s.Emulator.Address(entra.LogoutPath))); frames(t, body) != nil {
		t.Error("the page has a frame")
	}
}
