package emulator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func TestSignInGivesEntrasClaims(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("PRIYA@contoso.example")
	raw, _ := token.Extra("id_token").(string)
	id, err := s.provider.Verifier(&oidc.Config{ClientID: DefaultClientID}).Verify(context.Background(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if id.Nonce != "the nonce" || len(id.Audience) != 1 {
		t.Errorf("nonce %q, audience %q", id.Nonce, id.Audience)
	}
	var got map[string]any
	if err := id.Claims(&got); err != nil {
		t.Fatal(err)
	}
	priya := person("priya@contoso.example")
	for claim, want := range map[string]any{
		"oid": priya.ObjectID, "tid": DefaultTenant, "preferred_username": priya.UPN, "email": priya.UPN,
		"name": priya.Name, "ver": "2.0", "acct": 0.0, "iss": s.e.Issuer(), "login_hint": priya.loginHint(),
	} {
		if got[claim] != want {
			t.Errorf("claim %s is %v, want %v", claim, got[claim], want)
		}
	}
	if at(got["roles"], 0) != "Meetdesk.Staff" || got["sid"] == "" || got["sid"] == nil {
		t.Errorf("roles %v, sid %v", got["roles"], got["sid"])
	}
	if got["sub"] == priya.ObjectID || got["sub"] == priya.subject("another application") {
		t.Errorf("sub %v is not pairwise", got["sub"])
	}
	if token.Extra("scope") != "openid profile email User.Read OnlineMeetings.ReadWrite" {
		t.Errorf("scope %q", token.Extra("scope"))
	}
	if life := time.Until(token.Expiry); life < 74*time.Minute || life > 76*time.Minute {
		t.Errorf("access token lives %v, want 75 minutes", life)
	}
}

func TestClaimsFollowThePersonAndTheScopes(t *testing.T) {
	people := append(Cast(), Person{ObjectID: "p", UPN: "someone@contoso.example", Tenant: PersonalTenant, Guest: true})
	s := newSite(t, func(o *Options) { o.People = people })
	for _, tt := range []struct {
		name, upn string
		scopes    []string
		want      map[string]any // nil values must be absent
	}{
		{"no role", "sam@contoso.example", nil, map[string]any{"roles": nil}},
		{"no language", "priya@contoso.example", nil, map[string]any{"xms_pl": nil}},
		{"a language", "tomas@contoso.example", nil, map[string]any{"xms_pl": "pt-br"}},
		{"personal guest", "someone@contoso.example", nil, map[string]any{"tid": PersonalTenant, "acct": 1.0}},
		{"no profile", "dana@contoso.example", []string{"openid"}, map[string]any{"oid": nil, "name": nil, "email": nil, "tid": DefaultTenant}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims := payload(t, s.signIn(tt.upn, tt.scopes...).Extra("id_token").(string))
			for claim, want := range tt.want {
				if claims[claim] != want {
					t.Errorf("claim %s is %v, want %v", claim, claims[claim], want)
				}
			}
		})
	}
}

func TestTokensFollowTheClock(t *testing.T) {
	s := newSite(t, nil)
	s.clock.advance(-72 * time.Hour)
	token := s.signIn("priya@contoso.example")
	for _, raw := range []string{token.AccessToken, token.Extra("id_token").(string)} {
		claims := payload(t, raw)
		issued := time.Unix(int64(claims["iat"].(float64)), 0)
		if off := s.clock.Now().Sub(issued); off < -2*time.Second || off > 2*time.Second {
			t.Errorf("iat is %v off the clock", off)
		}
	}
	exp := time.Unix(int64(payload(t, token.Extra("id_token").(string))["exp"].(float64)), 0)
	if life := exp.Sub(s.clock.Now()); life < 59*time.Minute || life > 61*time.Minute {
		t.Errorf("the ID token lives %v by the clock, want an hour", life)
	}
	if r, _ := s.graph("GET", "/v1.0/me", token.AccessToken, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d with a fresh token of the emulator's own time", r.StatusCode)
	}
}

func TestChooser(t *testing.T) {
	s := newSite(t, nil)
	c := s.app()
	verifier := oauth2.GenerateVerifier()
	start := c.AuthCodeURL("kept", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("login_hint", "nobody@contoso.example"))
	r, body := s.get(start)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK || page.Find("h1").Text() != "Pick an account" || !strings.Contains(body, "Emulator: nothing here reaches Microsoft") {
		t.Fatalf("status %d:\n%s", r.StatusCode, body)
	}
	if page.Find("button[type=submit][name=person]").Length() != len(Cast()) || page.Find("script, [style]").Length() != 0 {
		t.Errorf("want a button for each person and neither script nor inline style:\n%s", body)
	}
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' http://localhost:8080") {
		t.Errorf("policy %q", policy)
	}
	if sheet, _ := page.Find("link[rel=stylesheet]").Attr("href"); sheet == "" {
		t.Error("no stylesheet")
	} else if r, css := s.get(s.server.URL + sheet); r.StatusCode != http.StatusOK || !strings.Contains(css, "prefers-color-scheme: dark") {
		t.Errorf("stylesheet: status %d", r.StatusCode)
	}
	action, _ := page.Find("form").Attr("action")
	waiting, _ := page.Find("input[name=id]").Attr("value")

	r, _ = s.post(s.server.URL+action, url.Values{"id": {waiting}, "person": {person("tomas@contoso.example").ObjectID}})
	q := s.returned(r)
	token, err := c.Exchange(context.Background(), q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil || q.Get("state") != "kept" {
		t.Fatalf("exchange: %v, returned %v", err, q)
	}
	if name := payload(t, token.Extra("id_token").(string))["name"]; name != "Tomás Oliveira" {
		t.Errorf("signed in as %v", name)
	}

	r, _ = s.post(s.server.URL+action, url.Values{"id": {waiting}, "cancel": {"1"}})
	if q := s.returned(r); q.Get("error") != "access_denied" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65004") || q.Get("state") != "kept" {
		t.Errorf("cancel returned %v", q)
	}
	s.clock.advance(signInLife)
	if r, body := s.post(s.server.URL+action, url.Values{"id": {waiting}, "person": {"x"}}); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "AADSTS50089") {
		t.Errorf("a stale page: status %d:\n%s", r.StatusCode, body)
	}
}

// payload decodes a token without looking at its signature.
func payload(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", token)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
