package entra_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
)

func TestAuthorizeRefusals(t *testing.T) {
	s := emutest.New(t, nil)
	for _, tt := range []struct {
		name   string
		change url.Values // parameters to set; the value "" removes a parameter
		want   string     // Entra error number
		error  string     // OAuth error in the redirect, or "" for an error page
	}{
		{"unregistered redirect_uri", url.Values{"redirect_uri": {"http://localhost:8080/elsewhere"}}, "50011", ""},
		{"unknown application", url.Values{"client_id": {"nobody"}}, "700016", ""},
		{"no PKCE", url.Values{"code_challenge": {""}}, "9002325", "invalid_request"},
		{"plain PKCE", url.Values{"code_challenge_method": {"plain"}}, "9002325", "invalid_request"},
		{"no scope", url.Values{"scope": {""}}, "900144", "invalid_request"},
		{"unknown scope", url.Values{"scope": {"openid OnlineMeetings.Dance"}}, "70011", "invalid_scope"},
		{"implicit flow", url.Values{"response_type": {"id_token"}}, "50011", ""},
		{"form_post", url.Values{"response_mode": {"form_post"}}, "9002313", "invalid_request"},
		{"prompt=none", url.Values{"prompt": {"none"}, "login_hint": {""}}, "50058", "login_required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, _ := url.Parse(s.App().AuthCodeURL("kept", oauth2.S256ChallengeOption("v"), oauth2.SetAuthURLParam("login_hint", "priya@contoso.example")))
			q := u.Query()
			for name := range tt.change {
				if q.Set(name, tt.change.Get(name)); tt.change.Get(name) == "" {
					q.Del(name)
				}
			}
			u.RawQuery = q.Encode()
			r, body := s.Get(u.String())
			if tt.error == "" {
				if r.StatusCode < 400 || r.Header.Get("Location") != "" || !strings.Contains(body, "AADSTS"+tt.want) {
					t.Fatalf("status %d, location %q:\n%s", r.StatusCode, r.Header.Get("Location"), body)
				}
				return
			}
			if got := s.Returned(r); got.Get("error") != tt.error || !strings.HasPrefix(got.Get("error_description"), "AADSTS"+tt.want) || got.Get("state") != "kept" {
				t.Errorf("returned %v, want %s AADSTS%s", got, tt.error, tt.want)
			}
		})
	}
}

func TestSelectAccountShowsThePage(t *testing.T) {
	s := emutest.New(t, nil)
	r, body := s.Get(s.App().AuthCodeURL("x", oauth2.S256ChallengeOption("v"),
		oauth2.SetAuthURLParam("login_hint", "priya@contoso.example"), oauth2.SetAuthURLParam("prompt", "select_account")))
	if r.StatusCode != http.StatusOK || !strings.Contains(body, "Pick an account") || strings.Contains(body, "Nobody here") {
		t.Errorf("status %d:\n%s", r.StatusCode, body)
	}
}

func TestLoginHintClaimIsAccepted(t *testing.T) {
	s := emutest.New(t, nil)
	s.Code(entra.LoginHint(emutest.Person("dana@contoso.example")), s.App())
}

func TestSignOut(t *testing.T) {
	s := emutest.New(t, nil)
	var discovery struct {
		EndSession string `json:"end_session_endpoint"`
		Emulator   bool   `json:"meetdesk_emulator"`
	}
	if err := s.Provider.Claims(&discovery); err != nil || !discovery.Emulator {
		t.Fatalf("discovery %+v: %v", discovery, err)
	}
	id := s.SignIn("priya@contoso.example").Extra("id_token").(string)
	for _, tt := range []struct {
		name  string
		query url.Values
		to    string // redirect target, or "" for a page of the emulator
		code  int
	}{
		{"with a hint", url.Values{"id_token_hint": {id}, "post_logout_redirect_uri": {emutest.Goodbye}, "state": {"x"}}, emutest.Goodbye + "?state=x", 303},
		{"with logout_hint, as Entra's clients do", url.Values{"logout_hint": {"h"}, "post_logout_redirect_uri": {emutest.Goodbye}}, emutest.Goodbye, 303},
		{"unregistered", url.Values{"post_logout_redirect_uri": {emutest.Callback}}, "", 400},
		{"without a post_logout_redirect_uri", nil, "", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := s.Get(discovery.EndSession + "?" + tt.query.Encode())
			if r.StatusCode != tt.code || r.Header.Get("Location") != tt.to {
				t.Errorf("status %d to %q, want %d to %q", r.StatusCode, r.Header.Get("Location"), tt.code, tt.to)
			}
		})
	}
}

func TestCORSIsOff(t *testing.T) {
	s := emutest.New(t, nil)
	r, err := http.NewRequest("GET", s.Emulator.Issuer()+"/.well-known/openid-configuration", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://elsewhere.example")
	if got, _ := s.Read(s.Browser.Do(r)); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("CORS is on")
	}
}
