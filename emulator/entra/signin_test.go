package entra_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
)

func TestIDTokenClaims(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("PRIYA@contoso.example")
	raw, _ := token.Extra("id_token").(string)
	id, err := s.Provider.Verifier(&oidc.Config{ClientID: emulator.DefaultClientID}).Verify(context.Background(), raw)
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
	priya := emutest.Person("priya@contoso.example")
	for claim, want := range map[string]any{
		"oid": priya.ObjectID, "tid": emulator.DefaultTenant, "preferred_username": priya.UPN, "email": priya.UPN,
		"name": priya.Name, "ver": "2.0", "acct": 0.0, "iss": s.Emulator.Issuer(), "login_hint": entra.LoginHint(priya),
	} {
		if got[claim] != want {
			t.Errorf("claim %s is %v, want %v", claim, got[claim], want)
		}
	}
	if emutest.At(got["roles"], 0) != "Meetdesk.Staff" || got["sid"] == "" || got["sid"] == nil {
		t.Errorf("roles %v, sid %v", got["roles"], got["sid"])
	}
	if got["sub"] == priya.ObjectID || got["sub"] == entra.Subject(priya, "another application") {
		t.Errorf("sub %v is not pairwise", got["sub"])
	}
	if token.Extra("scope") != "openid profile email User.Read OnlineMeetings.ReadWrite" {
		t.Errorf("scope %q", token.Extra("scope"))
	}
	if life := time.Until(token.Expiry); life < 74*time.Minute || life > 76*time.Minute {
		t.Errorf("the access token is valid for %v, want 75 minutes", life)
	}
}

func TestClaimsDependOnPersonAndScopes(t *testing.T) {
	people := append(emulator.Cast(), emulator.Person{ObjectID: "p", UPN: "someone@contoso.example", Tenant: emulator.PersonalTenant, Guest: true})
	s := emutest.New(t, func(o *emulator.Options) { o.People = people })
	for _, tt := range []struct {
		name, upn string
		scopes    []string
		want      map[string]any // expected values by claim; nil means that the token lacks the claim
	}{
		{"no role", "sam@contoso.example", nil, map[string]any{"roles": nil}},
		{"no language", "priya@contoso.example", nil, map[string]any{"xms_pl": nil}},
		{"a language", "tomas@contoso.example", nil, map[string]any{"xms_pl": "pt-br"}},
		{"personal guest", "someone@contoso.example", nil, map[string]any{"tid": emulator.PersonalTenant, "acct": 1.0}},
		{"no profile", "dana@contoso.example", []string{"openid"}, map[string]any{"oid": nil, "name": nil, "email": nil, "tid": emulator.DefaultTenant}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims := emutest.Claims(t, s.SignIn(tt.upn, tt.scopes...).Extra("id_token").(string))
			for claim, want := range tt.want {
				if claims[claim] != want {
					t.Errorf("claim %s is %v, want %v", claim, claims[claim], want)
				}
			}
		})
	}
}

func TestTokensUseTheTenantsClock(t *testing.T) {
	s := emutest.New(t, nil)
	s.Clock.Advance(-72 * time.Hour)
	token := s.SignIn("priya@contoso.example")
	for _, raw := range []string{token.AccessToken, token.Extra("id_token").(string)} {
		claims := emutest.Claims(t, raw)
		issued := time.Unix(int64(claims["iat"].(float64)), 0)
		if off := s.Clock.Now().Sub(issued); off < -2*time.Second || off > 2*time.Second {
			t.Errorf("iat differs from the clock by %v", off)
		}
	}
	exp := time.Unix(int64(emutest.Claims(t, token.Extra("id_token").(string))["exp"].(float64)), 0)
	if life := exp.Sub(s.Clock.Now()); life < 59*time.Minute || life > 61*time.Minute {
		t.Errorf("the ID token is valid for %v, want an hour", life)
	}
	if r, _ := s.Graph("GET", "/v1.0/me", token.AccessToken, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d with a new token", r.StatusCode)
	}
}

func TestChooser(t *testing.T) {
	s := emutest.New(t, nil)
	c := s.App()
	verifier := oauth2.GenerateVerifier()
	start := c.AuthCodeURL("kept", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("login_hint", "nobody@contoso.example"))
	r, body := s.Get(start)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK || page.Find("h1").Text() != "Pick an account" || !strings.Contains(body, "Demo: nothing here reaches Microsoft") {
		t.Fatalf("status %d:\n%s", r.StatusCode, body)
	}
	if page.Find("button[type=submit][name=person]").Length() != len(emulator.Cast()) || page.Find("script, [style]").Length() != 0 {
		t.Errorf("want a button for each person, no script and no inline style:\n%s", body)
	}
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' http://localhost:8080") {
		t.Errorf("policy %q", policy)
	}
	if sheet, _ := page.Find("link[rel=stylesheet]").Attr("href"); sheet == "" {
		t.Error("no style sheet")
	} else if r, css := s.Get(s.URL + sheet); r.StatusCode != http.StatusOK || !strings.Contains(css, "prefers-color-scheme: dark") {
		t.Errorf("style sheet: status %d", r.StatusCode)
	}
	action, _ := page.Find("form").Attr("action")
	waiting, _ := page.Find("input[name=id]").Attr("value")

	r, _ = s.Post(s.URL+action, url.Values{"id": {waiting}, "person": {emutest.Person("tomas@contoso.example").ObjectID}})
	q := s.Returned(r)
	token, err := c.Exchange(context.Background(), q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil || q.Get("state") != "kept" {
		t.Fatalf("exchange: %v, returned %v", err, q)
	}
	if name := emutest.Claims(t, token.Extra("id_token").(string))["name"]; name != "Tomás Oliveira" {
		t.Errorf("signed in as %v", name)
	}

	r, _ = s.Post(s.URL+action, url.Values{"id": {waiting}, "cancel": {"1"}})
	if q := s.Returned(r); q.Get("error") != "access_denied" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65004") || q.Get("state") != "kept" {
		t.Errorf("cancel returned %v", q)
	}
	s.Clock.Advance(entra.SignInLife)
	if r, body := s.Post(s.URL+action, url.Values{"id": {waiting}, "person": {"x"}}); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "AADSTS50089") {
		t.Errorf("an expired page: status %d:\n%s", r.StatusCode, body)
	}
}
