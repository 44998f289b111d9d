package entra_test

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
	"meetdesk/emulator/tenant"
)

// redeem signs a person in and exchanges the code for tokens. more contains parameters
// that golang.org/x/oauth2 does not send.
func redeem(s *emutest.Site, upn, scope string, more url.Values) (int, map[string]any) {
	s.T.Helper()
	code, verifier := s.Code(upn, s.App(strings.Fields(scope)...))
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {emulator.DefaultClientID}, "client_secret": {emutest.Secret},
		"redirect_uri": {emutest.Callback}, "code": {code}, "code_verifier": {verifier},
	}
	for name, values := range more {
		form[name] = values
	}
	return s.PostToken(form)
}

func refreshWith(s *emutest.Site, token string, more url.Values) (int, map[string]any) {
	s.T.Helper()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {emulator.DefaultClientID}, "client_secret": {emutest.Secret}, "refresh_token": {token},
	}
	for name, values := range more {
		form[name] = values
	}
	return s.PostToken(form)
}

// TestScopeAtTheTokenEndpoint checks that a token request may contain a scope, as in
// Entra. MSAL requests OpenID Connect scopes this way.
func TestScopeAtTheTokenEndpoint(t *testing.T) {
	s := emutest.New(t, nil)
	const graph = "https://graph.microsoft.com/"
	for _, tt := range []struct {
		name, signIn, token string
		status              int
		scope, permissions  string
		id, refresh         bool
		number              float64
	}{
		{"none", "openid User.Read", "", 200, "openid User.Read", "User.Read", true, false, 0},
		{"as MSAL for Go does", "User.Read", "User.Read openid offline_access profile", 200, "openid profile User.Read", "User.Read", true, true, 0},
		{"fewer", "openid offline_access User.Read OnlineMeetings.ReadWrite", "User.Read", 200, "openid User.Read", "User.Read", true, true, 0},
		{"another case", "user.READ OpenID", "USER.read PROFILE", 200, "profile openid User.Read", "User.Read", true, false, 0},
		{"with Graph's URL", graph + "User.Read", "User.Read", 200, "User.Read", "User.Read", false, false, 0},
		{"with Graph's URL at the token endpoint", "User.Read", graph + "user.read", 200, graph + "User.Read", "User.Read", false, false, 0},
		{"without consent", "User.Read", "OnlineMeetings.ReadWrite", 400, "", "", false, false, 65001},
		{"unknown scope", "User.Read", "User.Dance", 400, "", "", false, false, 70011},
		{".default with a permission", "User.Read", graph + ".default User.Read", 400, "", "", false, false, 70011},
		{".default after a permission", "User.Read", graph + ".default openid", 200, "openid " + graph + "User.Read " + graph + ".default", "User.Read", true, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			more := url.Values{}
			if tt.token != "" {
				more.Set("scope", tt.token)
			}
			status, reply := redeem(s, "priya@contoso.example", tt.signIn, more)
			if status != tt.status || tt.number != 0 && emutest.At(reply, "error_codes", 0) != tt.number {
				t.Fatalf("status %d, want %d (%v): %v", status, tt.status, tt.number, reply)
			}
			if status != 200 {
				return
			}
			if reply["scope"] != tt.scope || (reply["id_token"] != nil) != tt.id || (reply["refresh_token"] != nil) != tt.refresh {
				t.Errorf("scope %q, want %q, ID token %v, refresh token %v", reply["scope"], tt.scope, reply["id_token"] != nil, reply["refresh_token"] != nil)
			}
			if scp := emutest.Claims(t, reply["access_token"].(string))["scp"]; scp != tt.permissions {
				t.Errorf("scp %q, want %q", scp, tt.permissions)
			}
		})
	}
}

func TestDefaultScopeOfAPerson(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.People = emulator.Cast(); o.People[0].Denied = []string{"Mail.Send"} })
	for _, scope := range []string{
		"https://graph.microsoft.com/.default openid profile offline_access", "openid .default offline_access", "HTTPS://graph.microsoft.com/.DEFAULT OPENID Offline_Access",
	} {
		status, reply := redeem(s, "priya@contoso.example", scope, nil)
		if status != 200 || reply["refresh_token"] == nil || reply["id_token"] == nil {
			t.Fatalf("%s: status %d: %v", scope, status, reply)
		}
		scp := strings.Fields(emutest.Claims(t, reply["access_token"].(string))["scp"].(string))
		if len(scp) != len(entra.GraphScopes())-1 || strings.Contains(strings.Join(scp, " "), "Mail.Send") {
			t.Errorf("%s: scp %q, want all but the denied permission", scope, scp)
		}
		status, reply = refreshWith(s, reply["refresh_token"].(string), url.Values{"scope": {"OnlineMeetings.ReadWrite openid"}})
		if status != 200 || reply["scope"] != "openid OnlineMeetings.ReadWrite" || reply["refresh_token"] == nil {
			t.Errorf("%s: refresh: status %d: %v", scope, status, reply)
		}
	}
	r, _ := s.Get(s.App("https://graph.microsoft.com/.default", "User.Read").AuthCodeURL("x", oauth2.S256ChallengeOption("v")))
	if q := s.Returned(r); q.Get("error") != "invalid_scope" || !strings.HasPrefix(q.Get("error_description"), "AADSTS70011") {
		t.Errorf(".default with a permission returned %v", q)
	}
}

func TestScopeOfARefresh(t *testing.T) {
	s := emutest.New(t, nil)
	_, reply := redeem(s, "dana@contoso.example", "offline_access User.Read OnlineMeetings.ReadWrite", nil)
	for _, tt := range []struct {
		scope, want string
		id          bool
		number      float64
	}{
		{"User.Read openid offline_access profile", "openid profile User.Read", true, 0},
		{"onlinemeetings.readwrite", "OnlineMeetings.ReadWrite", false, 0},
		{"", "openid profile User.Read OnlineMeetings.ReadWrite", true, 0},
		{"Mail.Send", "", false, 65001},
		{"Mail.Dance", "", false, 70011},
	} {
		status, got := refreshWith(s, reply["refresh_token"].(string), url.Values{"scope": {tt.scope}})
		if tt.number != 0 {
			if status != 400 || emutest.At(got, "error_codes", 0) != tt.number {
				t.Errorf("%q: status %d, want %v: %v", tt.scope, status, tt.number, got)
			}
			continue
		}
		if status != 200 || (got["id_token"] != nil) != tt.id || !sameScopes(got["scope"], tt.want) {
			t.Fatalf("%q: status %d, want %q: %v", tt.scope, status, tt.want, got)
		}
		reply = got
	}
}

func sameScopes(got any, want string) bool {
	has := strings.Fields(got.(string))
	for _, word := range strings.Fields(want) {
		if !strings.Contains(" "+strings.Join(has, " ")+" ", " "+word+" ") {
			return false
		}
	}
	return len(has) == len(strings.Fields(want))
}

// TestAudienceIsAString checks that aud is a string, as in Entra's tokens. Strict clients
// refuse a list, even one with a single element.
func TestAudienceIsAString(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	token := s.SignIn("priya@contoso.example")
	refreshed, err := s.Refresh(token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		token.Extra("id_token").(string): emulator.DefaultClientID, refreshed.Extra("id_token").(string): emulator.DefaultClientID,
		token.AccessToken: tenant.GraphAudience, refreshed.AccessToken: tenant.GraphAudience, s.AppToken(): tenant.GraphAudience,
	} {
		if aud := emutest.Claims(t, raw)["aud"]; aud != want {
			t.Errorf("aud %#v, want %q", aud, want)
		}
	}
}

func TestClientInfo(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	tomas := emutest.Person("tomas@contoso.example")
	want := `{"uid":"` + tomas.ObjectID + `","utid":"` + emulator.DefaultTenant + `"}`
	check := func(name string, info any) {
		t.Helper()
		text, _ := info.(string)
		if decoded, err := base64.RawURLEncoding.DecodeString(text); err != nil || string(decoded) != want {
			t.Errorf("%s: client_info %q is %s, want %s", name, text, decoded, want)
		}
	}
	_, reply := redeem(s, tomas.UPN, "openid offline_access User.Read", url.Values{"client_info": {"1"}})
	check("code", reply["client_info"])
	_, again := refreshWith(s, reply["refresh_token"].(string), url.Values{"client_info": {"1"}})
	check("refresh", again["client_info"])
	if _, plain := refreshWith(s, again["refresh_token"].(string), nil); plain["client_info"] != nil {
		t.Error("client_info was not requested")
	}
	form := emutest.AppForm()
	form.Set("client_info", "1")
	if _, app := s.PostToken(form); app["client_info"] != nil {
		t.Error("client_info for an application's own token")
	}
	r, _ := s.Get(s.App().AuthCodeURL("x", oauth2.S256ChallengeOption("v"),
		oauth2.SetAuthURLParam("login_hint", tomas.UPN), oauth2.SetAuthURLParam("client_info", "1")))
	check("redirect", s.Returned(r).Get("client_info"))
}

// TestClaimsAtTheTokenEndpoint checks that claims can be requested with a refresh token,
// as MSAL does after a claims challenge.
func TestClaimsAtTheTokenEndpoint(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example")
	const claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	if err := s.Emulator.RequireClaims(emutest.Person("priya@contoso.example").ObjectID, claims); err != nil {
		t.Fatal(err)
	}
	refreshed, err := s.App().TokenSource(context.Background(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := s.Graph("GET", "/v1.0/me", refreshed.AccessToken, ""); r.StatusCode != 401 {
		t.Errorf("status %d without the claims, want 401", r.StatusCode)
	}
	_, reply := refreshWith(s, refreshed.RefreshToken, url.Values{"claims": {claims}})
	if r, _ := s.Graph("GET", "/v1.0/me", reply["access_token"].(string), ""); r.StatusCode != 200 {
		t.Errorf("status %d with the claims, want 200", r.StatusCode)
	}
	if status, reply := refreshWith(s, reply["refresh_token"].(string), url.Values{"claims": {"[]"}}); status != 400 || emutest.At(reply, "error_codes", 0) != 9002313.0 {
		t.Errorf("claims that are not an object: status %d: %v", status, reply)
	}
}

// TestTokenEndpointReadsTheBody checks that the token endpoint accepts parameters only
// from a form in the body, as Entra's does.
func TestTokenEndpointReadsTheBody(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	address := s.Emulator.Address(entra.TokenPath)
	for name, send := range map[string]func() (int, string){
		"JSON": func() (int, string) {
			r, body := s.Read(s.Browser.Post(address, "application/json", strings.NewReader(`{"grant_type":"client_credentials"}`)))
			return r.StatusCode, body
		},
		"query": func() (int, string) {
			r, body := s.Post(address+"?"+emutest.AppForm().Encode(), nil)
			return r.StatusCode, body
		},
		"code in the query": func() (int, string) {
			r, body := s.Post(address+"?code=x&client_secret=x", url.Values{"grant_type": {"authorization_code"}, "client_id": {emulator.DefaultClientID}})
			return r.StatusCode, body
		},
		"nothing": func() (int, string) { r, body := s.Post(address, nil); return r.StatusCode, body },
	} {
		if status, body := send(); status != 400 || !strings.Contains(body, "AADSTS900144") {
			t.Errorf("%s: status %d, want 400 AADSTS900144: %s", name, status, body)
		}
	}
}
