package entra_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
)

func TestTokenRefusals(t *testing.T) {
	s := emutest.New(t, nil)
	for _, tt := range []struct {
		name  string
		code  func() (code, verifier string)
		app   func(*oauth2.Config)
		error string
		want  int
	}{
		{"wrong verifier", func() (string, string) {
			code, _ := s.Code("priya@contoso.example", s.App())
			return code, oauth2.GenerateVerifier()
		}, nil, "invalid_grant", 501481},
		{"used code", func() (string, string) {
			code, verifier := s.Code("priya@contoso.example", s.App())
			if _, err := s.App().Exchange(context.Background(), code, oauth2.VerifierOption(verifier)); err != nil {
				t.Fatal(err)
			}
			return code, verifier
		}, nil, "invalid_grant", 54005},
		{"unknown code", func() (string, string) { return "x", "y" }, nil, "invalid_grant", 70000},
		{"expired code", func() (string, string) {
			code, verifier := s.Code("priya@contoso.example", s.App())
			s.Clock.Advance(entra.SignInLife)
			return code, verifier
		}, nil, "invalid_grant", 70008},
		{"wrong secret", func() (string, string) { return s.Code("priya@contoso.example", s.App()) },
			func(c *oauth2.Config) { c.ClientSecret = "a guess" }, "invalid_client", 7000215},
		{"another redirect_uri", func() (string, string) { return s.Code("priya@contoso.example", s.App()) },
			func(c *oauth2.Config) { c.RedirectURL = emutest.Goodbye }, "invalid_grant", 500112},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := s.App()
			code, verifier := tt.code()
			if tt.app != nil {
				tt.app(c)
			}
			_, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
			emutest.WantRefusal(t, err, tt.error, tt.want)
		})
	}
}

func TestBasicAuthentication(t *testing.T) {
	s := emutest.New(t, nil)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		c := s.App()
		c.Endpoint.AuthStyle = style
		code, verifier := s.Code("priya@contoso.example", c)
		if _, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier)); err != nil {
			t.Errorf("style %d: %v", style, err)
		}
	}
}

func TestRefreshTokensRotate(t *testing.T) {
	s := emutest.New(t, nil)
	first := s.SignIn("priya@contoso.example").RefreshToken
	second, err := s.Refresh(first)
	if err != nil || second.RefreshToken == first || second.RefreshToken == "" {
		t.Fatalf("refresh: %v, token %q", err, second.RefreshToken)
	}
	_, err = s.Refresh(first)
	emutest.WantRefusal(t, err, "invalid_grant", 70000)
	if r, _ := s.Graph("GET", "/v1.0/me", second.AccessToken, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d with the refreshed token", r.StatusCode)
	}
	if sid := emutest.Claims(t, second.Extra("id_token").(string))["sid"]; sid == nil {
		t.Error("the refreshed ID token has no sid")
	}
	if err := s.Emulator.RevokeRefreshTokens(emutest.Person("priya@contoso.example").ObjectID); err != nil {
		t.Fatal(err)
	}
	_, err = s.Refresh(second.RefreshToken)
	emutest.WantRefusal(t, err, "invalid_grant", 50173)

	revoked := s.SignIn("priya@contoso.example").RefreshToken
	s.Clock.Advance(90 * 24 * time.Hour)
	_, err = s.Refresh(revoked)
	emutest.WantRefusal(t, err, "invalid_grant", 700082)
}

func TestRefreshTokenNeedsOfflineAccess(t *testing.T) {
	s := emutest.New(t, nil)
	if token := s.SignIn("priya@contoso.example", "openid", "User.Read"); token.RefreshToken != "" {
		t.Error("a refresh token was issued without offline_access")
	}
}

func TestDeniedPermissionIsLeftOut(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) {
		o.People = emulator.Cast()
		o.People[0].Denied = []string{"OnlineMeetings.ReadWrite"}
	})
	token := s.SignIn("priya@contoso.example", "openid", "https://graph.microsoft.com/User.Read", "https://graph.microsoft.com/OnlineMeetings.ReadWrite")
	if token.Extra("scope") != "openid https://graph.microsoft.com/User.Read" {
		t.Errorf("scope %q", token.Extra("scope"))
	}
	r, m := s.Graph("POST", emutest.CreateOrGet, token.AccessToken, `{"externalId":"1"}`)
	if r.StatusCode != http.StatusForbidden || emutest.At(m, "error", "code") != "Authorization_RequestDenied" {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}
