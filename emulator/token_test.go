package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

func TestTokenRefusals(t *testing.T) {
	s := newSite(t, nil)
	for _, tt := range []struct {
		name  string
		code  func() (code, verifier string)
		app   func(*oauth2.Config)
		error string
		want  int
	}{
		{"wrong verifier", func() (string, string) {
			code, _ := s.code("priya@contoso.example", s.app())
			return code, oauth2.GenerateVerifier()
		}, nil, "invalid_grant", 501481},
		{"used code", func() (string, string) {
			code, verifier := s.code("priya@contoso.example", s.app())
			if _, err := s.app().Exchange(context.Background(), code, oauth2.VerifierOption(verifier)); err != nil {
				t.Fatal(err)
			}
			return code, verifier
		}, nil, "invalid_grant", 54005},
		{"unknown code", func() (string, string) { return "x", "y" }, nil, "invalid_grant", 70000},
		{"old code", func() (string, string) {
			code, verifier := s.code("priya@contoso.example", s.app())
			s.clock.advance(signInLife)
			return code, verifier
		}, nil, "invalid_grant", 70008},
		{"wrong secret", func() (string, string) { return s.code("priya@contoso.example", s.app()) },
			func(c *oauth2.Config) { c.ClientSecret = "a guess" }, "invalid_client", 7000215},
		{"other address", func() (string, string) { return s.code("priya@contoso.example", s.app()) },
			func(c *oauth2.Config) { c.RedirectURL = goodbye }, "invalid_grant", 500112},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := s.app()
			code, verifier := tt.code()
			if tt.app != nil {
				tt.app(c)
			}
			_, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
			wantRefusal(t, err, tt.error, tt.want)
		})
	}
}

func TestClientMayUseBasic(t *testing.T) {
	s := newSite(t, nil)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		c := s.app()
		c.Endpoint.AuthStyle = style
		code, verifier := s.code("priya@contoso.example", c)
		if _, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier)); err != nil {
			t.Errorf("style %d: %v", style, err)
		}
	}
}

func TestRefreshRotates(t *testing.T) {
	s := newSite(t, nil)
	first := s.signIn("priya@contoso.example").RefreshToken
	second, err := s.refresh(first)
	if err != nil || second.RefreshToken == first || second.RefreshToken == "" {
		t.Fatalf("refresh: %v, token %q", err, second.RefreshToken)
	}
	_, err = s.refresh(first)
	wantRefusal(t, err, "invalid_grant", 70000)
	if r, _ := s.graph("GET", "/v1.0/me", second.AccessToken, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d with the refreshed token", r.StatusCode)
	}
	if sid := payload(t, second.Extra("id_token").(string))["sid"]; sid == nil {
		t.Error("the refreshed ID token has no sid")
	}
	if err := s.e.RevokeRefreshTokens(person("priya@contoso.example").ObjectID); err != nil {
		t.Fatal(err)
	}
	_, err = s.refresh(second.RefreshToken)
	wantRefusal(t, err, "invalid_grant", 50173)

	old := s.signIn("priya@contoso.example").RefreshToken
	s.clock.advance(refreshTokenLife)
	_, err = s.refresh(old)
	wantRefusal(t, err, "invalid_grant", 700082)
}

func TestRefreshTokenTakesOfflineAccess(t *testing.T) {
	s := newSite(t, nil)
	if token := s.signIn("priya@contoso.example", "openid", "User.Read"); token.RefreshToken != "" {
		t.Error("a refresh token without offline_access")
	}
}

func TestDeniedScopeIsMissing(t *testing.T) {
	s := newSite(t, func(o *Options) { o.People = Cast(); o.People[0].Denied = []string{"OnlineMeetings.ReadWrite"} })
	token := s.signIn("priya@contoso.example", "openid", "https://graph.microsoft.com/User.Read", "https://graph.microsoft.com/OnlineMeetings.ReadWrite")
	if token.Extra("scope") != "openid https://graph.microsoft.com/User.Read" {
		t.Errorf("scope %q", token.Extra("scope"))
	}
	r, m := s.graph("POST", createIt, token.AccessToken, `{"externalId":"1"}`)
	if r.StatusCode != http.StatusForbidden || at(m, "error", "code") != "Authorization_RequestDenied" {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}

// wantRefusal checks an error of the token endpoint, in Entra's shape.
func wantRefusal(t *testing.T, err error, kind string, number int) {
	t.Helper()
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		t.Fatalf("error %v, want a refusal", err)
	}
	var body struct {
		Error       string
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		Timestamp   string
		Trace       string `json:"trace_id"`
		Correlation string `json:"correlation_id"`
	}
	if err := json.Unmarshal(refused.Body, &body); err != nil {
		t.Fatal(err)
	}
	if body.Error != kind || len(body.Codes) != 1 || body.Codes[0] != number || !strings.HasPrefix(body.Description, "AADSTS") ||
		body.Timestamp == "" || body.Trace == "" || body.Correlation == "" {
		t.Errorf("refused with %s, want %s %d", refused.Body, kind, number)
	}
}
