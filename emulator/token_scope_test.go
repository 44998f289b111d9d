package emulator

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// redeem exchanges a code with more parameters than an ordinary client sends.
func (s *site) redeem(upn, scope string, more url.Values) (int, map[string]any) {
	s.t.Helper()
	code, verifier := s.code(upn, s.app(strings.Fields(scope)...))
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {DefaultClientID}, "client_secret": {secret},
		"redirect_uri": {callback}, "code": {code}, "code_verifier": {verifier},
	}
	for name, values := range more {
		form[name] = values
	}
	return s.askToken(form)
}

func (s *site) refreshWith(token string, more url.Values) (int, map[string]any) {
	s.t.Helper()
	form := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {DefaultClientID}, "client_secret": {secret}, "refresh_token": {token},
	}
	for name, values := range more {
		form[name] = values
	}
	return s.askToken(form)
}

// Entra takes a scope at the token endpoint, and MSAL asks for the scopes of
// OpenID Connect there.
func TestScopeAtTheTokenEndpoint(t *testing.T) {
	s := newSite(t, nil)
	const graph = "https://graph.microsoft.com/"
	for _, tt := range []struct {
		name, signIn, token string
		status              int
		scope, permissions  string
		id, refresh         bool
		number              float64
	}{
		{"none", "openid User.Read", "", 200, "openid User.Read", "User.Read", true, false, 0},
		{"as MSAL for Go", "User.Read", "User.Read openid offline_access profile", 200, "openid profile User.Read", "User.Read", true, true, 0},
		{"fewer", "openid offline_access User.Read OnlineMeetings.ReadWrite", "User.Read", 200, "openid User.Read", "User.Read", true, true, 0},
		{"another case", "user.READ OpenID", "USER.read PROFILE", 200, "profile openid User.Read", "User.Read", true, false, 0},
		{"written out", graph + "User.Read", "User.Read", 200, "User.Read", "User.Read", false, false, 0},
		{"written out later", "User.Read", graph + "user.read", 200, graph + "User.Read", "User.Read", false, false, 0},
		{"what was not consented to", "User.Read", "OnlineMeetings.ReadWrite", 400, "", "", false, false, 65001},
		{"what does not exist", "User.Read", "User.Dance", 400, "", "", false, false, 70011},
		{".default with names", "User.Read", graph + ".default User.Read", 400, "", "", false, false, 70011},
		{".default of what was named", "User.Read", graph + ".default openid", 200, "openid " + graph + "User.Read " + graph + ".default", "User.Read", true, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			more := url.Values{}
			if tt.token != "" {
				more.Set("scope", tt.token)
			}
			status, reply := s.redeem("priya@contoso.example", tt.signIn, more)
			if status != tt.status || tt.number != 0 && at(reply, "error_codes", 0) != tt.number {
				t.Fatalf("status %d, want %d (%v): %v", status, tt.status, tt.number, reply)
			}
			if status != 200 {
				return
			}
			if reply["scope"] != tt.scope || (reply["id_token"] != nil) != tt.id || (reply["refresh_token"] != nil) != tt.refresh {
				t.Errorf("scope %q, want %q, ID token %v, refresh token %v", reply["scope"], tt.scope, reply["id_token"] != nil, reply["refresh_token"] != nil)
			}
			if scp := payload(t, reply["access_token"].(string))["scp"]; scp != tt.permissions {
				t.Errorf("scp %q, want %q", scp, tt.permissions)
			}
		})
	}
}

func TestDefaultScopeOfAPerson(t *testing.T) {
	s := newSite(t, func(o *Options) { o.People = Cast(); o.People[0].Denied = []string{"Mail.Send"} })
	for _, asked := range []string{
		"https://graph.microsoft.com/.default openid profile offline_access", "openid .default offline_access", "HTTPS://graph.microsoft.com/.DEFAULT OPENID Offline_Access",
	} {
		status, reply := s.redeem("priya@contoso.example", asked, nil)
		if status != 200 || reply["refresh_token"] == nil || reply["id_token"] == nil {
			t.Fatalf("%s: status %d: %v", asked, status, reply)
		}
		scp := strings.Fields(payload(t, reply["access_token"].(string))["scp"].(string))
		if len(scp) != len(graphScopes())-1 || strings.Contains(strings.Join(scp, " "), "Mail.Send") {
			t.Errorf("%s: scp %q, want all but what was denied", asked, scp)
		}
		status, reply = s.refreshWith(reply["refresh_token"].(string), url.Values{"scope": {"OnlineMeetings.ReadWrite openid"}})
		if status != 200 || reply["scope"] != "openid OnlineMeetings.ReadWrite" || reply["refresh_token"] == nil {
			t.Errorf("%s: the refresh: status %d: %v", asked, status, reply)
		}
	}
	r, _ := s.get(s.app("https://graph.microsoft.com/.default", "User.Read").AuthCodeURL("x", oauth2.S256ChallengeOption("v")))
	if q := s.returned(r); q.Get("error") != "invalid_scope" || !strings.HasPrefix(q.Get("error_description"), "AADSTS70011") {
		t.Errorf(".default with a name returned %v", q)
	}
}

func TestRefreshMayAskForLessAndForOpenID(t *testing.T) {
	s := newSite(t, nil)
	_, reply := s.redeem("dana@contoso.example", "offline_access User.Read OnlineMeetings.ReadWrite", nil)
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
		status, got := s.refreshWith(reply["refresh_token"].(string), url.Values{"scope": {tt.scope}})
		if tt.number != 0 {
			if status != 400 || at(got, "error_codes", 0) != tt.number {
				t.Errorf("%q: status %d, want %v: %v", tt.scope, status, tt.number, got)
			}
			continue
		}
		if status != 200 || (got["id_token"] != nil) != tt.id || !sameWords(got["scope"], tt.want) {
			t.Fatalf("%q: status %d, want %q: %v", tt.scope, status, tt.want, got)
		}
		reply = got
	}
}

func sameWords(got any, want string) bool {
	has := strings.Fields(got.(string))
	for _, word := range strings.Fields(want) {
		if !strings.Contains(" "+strings.Join(has, " ")+" ", " "+word+" ") {
			return false
		}
	}
	return len(has) == len(strings.Fields(want))
}

// Libraries that are strict about OpenID Connect's audience want a string, as
// Entra writes it; a list of one is a list.
func TestAudienceIsAString(t *testing.T) {
	s := newSite(t, withApp)
	token := s.signIn("priya@contoso.example")
	refreshed, err := s.refresh(token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		token.Extra("id_token").(string): DefaultClientID, refreshed.Extra("id_token").(string): DefaultClientID,
		token.AccessToken: graphAudience, refreshed.AccessToken: graphAudience, s.appToken(): graphAudience,
	} {
		if aud := payload(t, raw)["aud"]; aud != want {
			t.Errorf("aud %#v, want %q", aud, want)
		}
	}
}

func TestClientInfo(t *testing.T) {
	s := newSite(t, withApp)
	tomas := person("tomas@contoso.example")
	want := `{"uid":"` + tomas.ObjectID + `","utid":"` + DefaultTenant + `"}`
	check := func(name string, info any) {
		t.Helper()
		text, _ := info.(string)
		if decoded, err := base64.RawURLEncoding.DecodeString(text); err != nil || string(decoded) != want {
			t.Errorf("%s: client_info %q is %s, want %s", name, text, decoded, want)
		}
	}
	_, reply := s.redeem(tomas.UPN, "openid offline_access User.Read", url.Values{"client_info": {"1"}})
	check("code", reply["client_info"])
	_, again := s.refreshWith(reply["refresh_token"].(string), url.Values{"client_info": {"1"}})
	check("refresh", again["client_info"])
	if _, plain := s.refreshWith(again["refresh_token"].(string), nil); plain["client_info"] != nil {
		t.Error("client_info although nobody asked")
	}
	form := appForm()
	form.Set("client_info", "1")
	if _, app := s.askToken(form); app["client_info"] != nil {
		t.Error("client_info of an application, for which nobody signed in")
	}
	r, _ := s.get(s.app().AuthCodeURL("x", oauth2.S256ChallengeOption("v"),
		oauth2.SetAuthURLParam("login_hint", tomas.UPN), oauth2.SetAuthURLParam("client_info", "1")))
	check("redirect", s.returned(r).Get("client_info"))
}

// A claims challenge can be answered with a refresh token: MSAL does so before
// it asks the person.
func TestClaimsAtTheTokenEndpoint(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("priya@contoso.example")
	const claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	if err := s.e.RequireClaims(person("priya@contoso.example").ObjectID, claims); err != nil {
		t.Fatal(err)
	}
	refreshed, err := s.app().TokenSource(context.Background(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := s.graph("GET", "/v1.0/me", refreshed.AccessToken, ""); r.StatusCode != 401 {
		t.Errorf("status %d without the claims, want 401", r.StatusCode)
	}
	_, reply := s.refreshWith(refreshed.RefreshToken, url.Values{"claims": {claims}})
	if r, _ := s.graph("GET", "/v1.0/me", reply["access_token"].(string), ""); r.StatusCode != 200 {
		t.Errorf("status %d with the claims, want 200", r.StatusCode)
	}
	if status, reply := s.refreshWith(reply["refresh_token"].(string), url.Values{"claims": {"[]"}}); status != 400 || at(reply, "error_codes", 0) != 9002313.0 {
		t.Errorf("claims that are not an object: status %d: %v", status, reply)
	}
}

// Entra reads parameters from the body of the token endpoint and nowhere else.
func TestTheTokenEndpointTakesAForm(t *testing.T) {
	s := newSite(t, withApp)
	address := s.e.tenantURL(tokenPath)
	for name, send := range map[string]func() (int, string){
		"JSON": func() (int, string) {
			r, body := s.read(s.browser.Post(address, "application/json", strings.NewReader(`{"grant_type":"client_credentials"}`)))
			return r.StatusCode, body
		},
		"query": func() (int, string) {
			r, body := s.post(address+"?"+appForm().Encode(), nil)
			return r.StatusCode, body
		},
		"code in the query": func() (int, string) {
			r, body := s.post(address+"?code=x&client_secret=x", url.Values{"grant_type": {"authorization_code"}, "client_id": {DefaultClientID}})
			return r.StatusCode, body
		},
		"nothing": func() (int, string) { r, body := s.post(address, nil); return r.StatusCode, body },
	} {
		if status, body := send(); status != 400 || !strings.Contains(body, "AADSTS900144") {
			t.Errorf("%s: status %d, want 400 AADSTS900144: %s", name, status, body)
		}
	}
}
