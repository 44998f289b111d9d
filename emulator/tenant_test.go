package emulator

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

func (s *site) discovery(tenant string) (int, map[string]any) {
	s.t.Helper()
	r, body := s.get(s.server.URL + "/" + tenant + discoveryPath)
	var d map[string]any
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		s.t.Fatalf("%s: %v in %s", tenant, err, body)
	}
	return r.StatusCode, d
}

// A tenant is named by its GUID or by one of its domains; the issuer and the
// endpoints have the GUID, as Entra's have.
func TestNamesOfTheTenant(t *testing.T) {
	s := newSite(t, func(o *Options) {
		withApp(o)
		o.People = append(Cast(), Person{ObjectID: "h", UPN: "home@outlook.example", Tenant: PersonalTenant})
	})
	for _, name := range []string{DefaultTenant, strings.ToUpper(DefaultTenant), "contoso.example", "Contoso.Example"} {
		status, d := s.discovery(name)
		if status != 200 || d["issuer"] != s.e.Issuer() || d["token_endpoint"] != s.e.tenantURL(tokenPath) {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		for _, path := range []string{tokenPath, "/OAuth2/V2.0/Token", tokenPath + "/"} {
			if r, body := s.post(s.server.URL+"/"+name+path, appForm()); r.StatusCode != 200 {
				t.Errorf("%s%s: status %d: %s", name, path, r.StatusCode, body)
			}
		}
		if r, _ := s.get(s.server.URL + "/" + name + keysPath); r.StatusCode != 200 {
			t.Errorf("%s: keys: status %d", name, r.StatusCode)
		}
		u, _ := url.Parse(s.app().AuthCodeURL("x", oauth2.S256ChallengeOption("v"), oauth2.SetAuthURLParam("login_hint", "priya@contoso.example")))
		u.Path = "/" + name + authorizePath
		r, _ := s.get(u.String())
		if s.returned(r).Get("code") == "" {
			t.Errorf("%s: no code", name)
		}
	}
	for _, name := range []string{"fabrikam.example", "outlook.example", "11111111-2222-3333-4444-555555555555", "v3.0"} {
		status, d := s.discovery(name)
		if status != 400 || d["error"] != "invalid_tenant" || at(d, "error_codes", 0) != 90002.0 {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		if r, body := s.post(s.server.URL+"/"+name+tokenPath, appForm()); r.StatusCode != 400 || !strings.Contains(body, "AADSTS90002") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
		if r, body := s.get(s.server.URL + "/" + name + authorizePath); r.StatusCode != 400 || !strings.Contains(body, "<h1>") || !strings.Contains(body, "AADSTS90002") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
	}
}

// The shared endpoints exist, with a pattern for an issuer; an application of
// one organisation is refused there.
func TestSharedEndpoints(t *testing.T) {
	s := newSite(t, withApp)
	for name, issuer := range map[string]string{
		"common": "/{tenantid}/v2.0", "Organizations": "/{tenantid}/v2.0", "consumers": "/" + PersonalTenant + "/v2.0",
	} {
		status, d := s.discovery(name)
		at := s.server.URL + "/" + strings.ToLower(name)
		if status != 200 || d["issuer"] != s.server.URL+issuer || d["token_endpoint"] != at+tokenPath || d["jwks_uri"] != at+keysPath {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		if r, _ := s.get(at + keysPath); r.StatusCode != 200 {
			t.Errorf("%s: keys: status %d", name, r.StatusCode)
		}
		if r, body := s.post(at+tokenPath, appForm()); r.StatusCode != 400 || !strings.Contains(body, "AADSTS50194") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
		if r, body := s.get(at + authorizePath + "?client_id=" + DefaultClientID); r.StatusCode != 400 || !strings.Contains(body, "AADSTS50194") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
	}
}

func TestInstanceDiscovery(t *testing.T) {
	s := newSite(t, nil)
	host := strings.TrimPrefix(s.server.URL, "http://")
	for _, tt := range []struct {
		endpoint string
		status   int
		want     string
	}{
		{"https://" + host + "/contoso.example/oauth2/v2.0/authorize", 200, s.server.URL + "/contoso.example" + discoveryPath},
		{"https://" + strings.ToUpper(host) + "/" + DefaultTenant + "/oauth2/v2.0/authorize", 200, s.server.URL + "/" + DefaultTenant + discoveryPath},
		{"https://login.evil.example/common/oauth2/v2.0/authorize", 400, "AADSTS50049"},
		{"", 400, "AADSTS900144"},
		{"::", 400, "AADSTS900144"},
	} {
		for _, path := range []string{"/common/discovery/instance", "/" + DefaultTenant + "/Discovery/Instance"} {
			r, body := s.get(s.server.URL + path + "?api-version=1.1&authorization_endpoint=" + url.QueryEscape(tt.endpoint))
			if r.StatusCode != tt.status || !strings.Contains(body, tt.want) || tt.status == 200 && !strings.Contains(body, `"aliases":["`+host+`"]`) {
				t.Errorf("%s of %q: status %d, want %d with %q: %s", path, tt.endpoint, r.StatusCode, tt.status, tt.want, body)
			}
		}
	}
}

func TestThePublicAddress(t *testing.T) {
	s := newSite(t, nil)
	e, err := New(Options{URL: "https://login.example/", Key: testKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s.server.Config.Handler = e
	_, d := s.discovery(DefaultTenant)
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"} {
		if address, _ := d[name].(string); !strings.HasPrefix(address, "https://login.example/"+DefaultTenant+"/") {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for _, address := range []string{"", "login.example", "ftp://login.example", "https://login.example/entra", "https://login.example?x=1", "https://u:p@login.example", "https://login.example#x"} {
		if _, err := New(Options{URL: address, Key: testKey()}); err == nil {
			t.Errorf("%q was accepted", address)
		}
	}
}
