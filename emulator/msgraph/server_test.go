package msgraph_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/msgraph"
)

func TestTokenChecks(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example")
	otherKey := emutest.New(t, func(o *emulator.Options) { o.Key = nil }).SignIn("priya@contoso.example")
	for _, tt := range []struct {
		name, token string
		later       time.Duration
		status      int
		code        string
	}{
		{"good", token.AccessToken, 0, 200, ""},
		{"missing", "", 0, 401, "InvalidAuthenticationToken"},
		{"not a JWT", "x", 0, 401, "InvalidAuthenticationToken"},
		{"damaged", token.AccessToken[:len(token.AccessToken)-8] + "AAAAAAAA", 0, 401, "InvalidAuthenticationToken"},
		{"unsigned", "eyJhbGciOiJub25lIn0." + strings.Split(token.AccessToken, ".")[1] + ".", 0, 401, "InvalidAuthenticationToken"},
		{"another key", otherKey.AccessToken, 0, 401, "InvalidAuthenticationToken"},
		{"ID token", token.Extra("id_token").(string), 0, 401, "InvalidAuthenticationToken"},
		{"without the scope", s.SignIn("priya@contoso.example", "openid", "OnlineMeetings.ReadWrite").AccessToken, 0, 403, "Authorization_RequestDenied"},
		{"nearly expired", token.AccessToken, 75*time.Minute - 5*time.Second, 200, ""},
		{"expired", token.AccessToken, 5 * time.Second, 401, "InvalidAuthenticationToken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.Clock.Advance(tt.later)
			r, m := s.Graph("GET", "/v1.0/me", tt.token, "")
			if code, _ := emutest.At(m, "error", "code").(string); r.StatusCode != tt.status || code != tt.code {
				t.Errorf("status %d %s, want %d %s", r.StatusCode, code, tt.status, tt.code)
			}
			if (r.StatusCode == 401) != strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("status %d, challenge %q", r.StatusCode, r.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

func TestReadScopeIsReadOnly(t *testing.T) {
	s := emutest.New(t, nil)
	id := s.Create(s.SignIn("priya@contoso.example").AccessToken, `{"externalId":"1"}`)["id"].(string)
	token := s.SignIn("priya@contoso.example", "openid", "OnlineMeetings.Read").AccessToken
	for method, status := range map[string]int{"GET": 200, "PATCH": 403, "DELETE": 403} {
		if r, _ := s.Graph(method, "/v1.0/me/onlineMeetings/"+id, token, ""); r.StatusCode != status {
			t.Errorf("%s: status %d, want %d", method, r.StatusCode, status)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for _, tt := range []struct {
		method, path string
		status       int
		message      string
	}{
		{"GET", "/v1.0/me/onlineMeeting", 400, "Resource not found for the segment 'onlineMeeting'."},
		{"POST", "/v1.0/me/onlineMeetings/createOrGet/x", 400, "Resource not found for the segment 'createOrGet'."},
		{"GET", "/v1.0/me/onlineMeetings/MSo1/attendanceReports", 400, "Resource not found for the segment 'attendanceReports'."},
		{"GET", "/v1.0/users/u6/photo/$value", 400, "Resource not found for the segment 'photo'."},
		{"GET", "/v1.0/users('u6')/Calendar", 400, "Resource not found for the segment 'Calendar'."},
		{"GET", "/beta/planets", 400, "Resource not found for the segment 'planets'."},
		{"PUT", "/v1.0/me/onlineMeetings/createOrGet", 405, msgraph.GenericMessage},
		{"DELETE", "/v1.0/me", 405, msgraph.GenericMessage},
	} {
		r, m := s.Graph(tt.method, tt.path, token, "")
		if r.StatusCode != tt.status || emutest.At(m, "error", "message") != tt.message {
			t.Errorf("%s %s: status %d: %v", tt.method, tt.path, r.StatusCode, m)
		}
	}
	if r, _ := s.Graph("GET", "/v1.0/planets", "", ""); r.StatusCode != 401 {
		t.Errorf("status %d without a token on an unknown path, want 401", r.StatusCode)
	}
}

func TestHeadersAndErrorDocument(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	r, m := s.Graph("POST", emutest.CreateOrGet, token, `{}`, "client-request-id", "mine")
	inner := emutest.At(m, "error", "innerError")
	if r.Header.Get("client-request-id") != "mine" || emutest.At(inner, "client-request-id") != "mine" ||
		r.Header.Get("request-id") == "" || emutest.At(inner, "request-id") != r.Header.Get("request-id") {
		t.Errorf("headers %v, inner error %v", r.Header, inner)
	}
	if date, _ := emutest.At(inner, "date").(string); !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`).MatchString(date) {
		t.Errorf("date %q, want one without an offset", date)
	}
	s.Clock.Advance(-time.Hour)
	r, _ = s.Graph("GET", "/v1.0/me", token, "")
	if r.Header.Get("client-request-id") != r.Header.Get("request-id") || r.Header.Get("Content-Type") != msgraph.GraphJSON {
		t.Errorf("headers %v", r.Header)
	}
	if date, err := http.ParseTime(r.Header.Get("Date")); err != nil || date.After(s.Clock.Now()) {
		t.Errorf("Date %q does not follow the clock", r.Header.Get("Date"))
	}
}

func TestMe(t *testing.T) {
	s := emutest.New(t, nil)
	_, m := s.Graph("GET", "/v1.0/me", s.SignIn("tomas@contoso.example").AccessToken, "")
	if m["displayName"] != "Tomás Oliveira" || m["preferredLanguage"] != "pt-BR" || m["userPrincipalName"] != "tomas@contoso.example" {
		t.Errorf("got %v", m)
	}
}

func TestRequestsAreLogged(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for range 1000 {
		s.Graph("GET", "/v1.0/me", token, "")
	}
	s.Graph("POST", emutest.CreateOrGet, "", `{"externalId":"1"}`, "client-request-id", "mine")
	list := s.Emulator.Requests()
	last := list[len(list)-1]
	if len(list) != 1000 || last.Method != "POST" || last.Path != emutest.CreateOrGet || string(last.Body) != `{"externalId":"1"}` ||
		last.Header.Get("client-request-id") != "mine" || !last.At.Equal(s.Clock.Now()) {
		t.Errorf("%d requests, last %+v", len(list), last)
	}
}
