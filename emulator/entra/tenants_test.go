package entra_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/entra"
)

func discovery(s *emutest.Site, tenant string) (int, map[string]any) {
	s.T.Helper()
	r, body := s.Get(s.URL + "/" + tenant + entra.DiscoveryPath)
	var d map[string]any
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		s.T.Fatalf("%s: %v in %s", tenant, err, body)
	}
	return r.StatusCode, d
}

// TestTenantNames checks that a request can name the tenant by its GUID or any of its
// domains. As in Entra, discovery always returns the GUID.
func TestTenantNames(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) {
		emutest.WithApp(o)
		o.People = append(emulator.Cast(), emulator.Person{ObjectID: "h", UPN: "home@outlook.example", Tenant: emulator.PersonalTenant})
	})
	for _, name := range []string{emulator.DefaultTenant, strings.ToUpper(emulator.DefaultTenant), "contoso.example", "Contoso.Example"} {
		status, d := discovery(s, name)
		if status != 200 || d["issuer"] != s.Emulator.Issuer() || d["token_endpoint"] != s.Emulator.Address(entra.TokenPath) {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		for _, path := range []string{entra.TokenPath, "/OAuth2/V2.0/Token", entra.TokenPath + "/"} {
			if r, body := s.Post(s.URL+"/"+name+path, emutest.AppForm()); r.StatusCode != 200 {
				t.Errorf("%s%s: status %d: %s", name, path, r.StatusCode, body)
			}
		}
		if r, _ := s.Get(s.URL + "/" + name + entra.KeysPath); r.StatusCode != 200 {
			t.Errorf("%s: keys: status %d", name, r.StatusCode)
		}
		u, _ := url.Parse(s.App().AuthCodeURL("x", oauth2.S256ChallengeOption("v"), oauth2.SetAuthURLParam("login_hint", "priya@contoso.example")))
		u.Path = "/" + name + entra.AuthorizePath
		r, _ := s.Get(u.String())
		if s.Returned(r).Get("code") == "" {
			t.Errorf("%s: no code", name)
		}
	}
	for _, name := range []string{"fabrikam.example", "outlook.example", "11111111-2222-3333-4444-555555555555", "v3.0"} {
		status, d := discovery(s, name)
		if status != 400 || d["error"] != "invalid_tenant" || emutest.At(d, "error_codes", 0) != 90002.0 {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		if r, body := s.Post(s.URL+"/"+name+entra.TokenPath, emutest.AppForm()); r.StatusCode != 400 || !strings.Contains(body, "AADSTS90002") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
		if r, body := s.Get(s.URL + "/" + name + entra.AuthorizePath); r.StatusCode != 400 || !strings.Contains(body, "<h1>") || !strings.Contains(body, "AADSTS90002") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
	}
}

// TestSharedEndpoints checks that the shared endpoints return discovery documents and
// keys, but refuse sign-ins and token requests.
func TestSharedEndpoints(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	for name, issuer := range map[string]string{
		"common": "/{tenantid}/v2.0", "Organizations": "/{tenantid}/v2.0", "consumers": "/" + emulator.PersonalTenant + "/v2.0",
	} {
		status, d := discovery(s, name)
		at := s.URL + "/" + strings.ToLower(name)
		if status != 200 || d["issuer"] != s.URL+issuer || d["token_endpoint"] != at+entra.TokenPath || d["jwks_uri"] != at+entra.KeysPath {
			t.Errorf("%s: status %d: %v", name, status, d)
		}
		if r, _ := s.Get(at + entra.KeysPath); r.StatusCode != 200 {
			t.Errorf("%s: keys: status %d", name, r.StatusCode)
		}
		if r, body := s.Post(at+entra.TokenPath, emutest.AppForm()); r.StatusCode != 400 || !strings.Contains(body, "AADSTS50194") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
		if r, body := s.Get(at + entra.AuthorizePath + "?client_id=" + emulator.DefaultClientID); r.StatusCode != 400 || !strings.Contains(body, "AADSTS50194") {
			t.Errorf("%s: status %d: %s", name, r.StatusCode, body)
		}
	}
}

func TestInstanceDiscovery(t *testing.T) {
	s := emutest.New(t, nil)
	host := strings.TrimPrefix(s.URL, "http://")
	for _, tt := range []struct {
		endpoint string
		status   int
		want     string
	}{
		{"https://" + host + "/contoso.example/oauth2/v2.0/authorize", 200, s.URL + "/contoso.example" + entra.DiscoveryPath},
		{"https://" + strings.ToUpper(host) + "/" + emulator.DefaultTenant + "/oauth2/v2.0/authorize", 200, s.URL + "/" + emulator.DefaultTenant + entra.DiscoveryPath},
		{"https://login.evil.example/common/oauth2/v2.0/authorize", 400, "AADSTS50049"},
		{"", 400, "AADSTS900144"},
		{"::", 400, "AADSTS900144"},
	} {
		for _, path := range []string{"/common/discovery/instance", "/" + emulator.DefaultTenant + "/Discovery/Instance"} {
			r, body := s.Get(s.URL + path + "?api-version=1.1&authorization_endpoint=" + url.QueryEscape(tt.endpoint))
			if r.StatusCode != tt.status || !strings.Contains(body, tt.want) || tt.status == 200 && !strings.Contains(body, `"aliases":["`+host+`"]`) {
				t.Errorf("%s of %q: status %d, want %d with %q: %s", path, tt.endpoint, r.StatusCode, tt.status, tt.want, body)
			}
		}
	}
}

func TestPublicURL(t *testing.T) {
	e, err := emulator.New(emulator.Options{URL: "https://login.example/", Key: emutest.Key()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/"+emulator.DefaultTenant+entra.DiscoveryPath, nil))
	var d map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"} {
		if address, _ := d[name].(string); !strings.HasPrefix(address, "https://login.example/"+emulator.DefaultTenant+"/") {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for _, address := range []string{"", "login.example", "ftp://login.example", "https://login.example/entra", "https://login.example?x=1", "https://u:p@login.example", "https://login.example#x"} {
		if _, err := emulator.New(emulator.Options{URL: address, Key: emutest.Key()}); err == nil {
			t.Errorf("%q was accepted", address)
		}
	}
}
