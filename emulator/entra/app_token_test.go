package entra_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/tenant"
)

func TestClientCredentials(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	for _, tt := range []struct {
		name   string
		change url.Values // parameters to set; the value "" removes a parameter
		basic  []string
		status int
		error  string
		number float64
	}{
		{"secret in the form", nil, nil, 200, "", 0},
		{"secret in the header", url.Values{"client_id": {""}, "client_secret": {""}}, []string{emulator.DefaultAppClientID, emutest.AppSecret}, 200, "", 0},
		{"US government", url.Values{"scope": {"https://graph.microsoft.us/.default"}}, nil, 200, "", 0},
		{"DoD", url.Values{"scope": {"https://dod-graph.microsoft.us/.default"}}, nil, 200, "", 0},
		{"Graph's ID", url.Values{"scope": {tenant.GraphAudience + "/.default"}}, nil, 200, "", 0},
		{"no scope", url.Values{"scope": {""}}, nil, 400, "invalid_request", 900144},
		{"a permission", url.Values{"scope": {"https://graph.microsoft.com/OnlineMeetings.ReadWrite.All"}}, nil, 400, "invalid_scope", 1002012},
		{".default and a permission", url.Values{"scope": {"https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default"}}, nil, 400, "invalid_scope", 70011},
		{"as MSAL for Go does", url.Values{"scope": {"https://graph.microsoft.com/.default openid offline_access profile"}}, nil, 200, "", 0},
		{"OpenID Connect first", url.Values{"scope": {"openid profile offline_access https://graph.microsoft.com/.default"}}, nil, 200, "", 0},
		{"another case", url.Values{"scope": {"HTTPS://Graph.Microsoft.com/.Default OpenID"}}, nil, 200, "", 0},
		{"two slashes", url.Values{"scope": {"https://graph.microsoft.com//.default"}}, nil, 200, "", 0},
		{"OpenID Connect alone", url.Values{"scope": {"openid profile offline_access"}}, nil, 400, "invalid_scope", 1002012},
		{"two resources", url.Values{"scope": {"https://graph.microsoft.com/.default https://graph.microsoft.us/.default"}}, nil, 400, "invalid_scope", 1002012},
		{"another resource", url.Values{"scope": {"https://vault.azure.net/.default"}}, nil, 400, "invalid_scope", 70011},
		{"wrong secret", url.Values{"client_secret": {"x"}}, nil, 401, "invalid_client", 7000215},
		{"no secret", url.Values{"client_secret": {""}}, nil, 401, "invalid_client", 7000218},
		{"no client_id", url.Values{"client_id": {""}}, nil, 400, "invalid_request", 900144},
		{"unknown application", url.Values{"client_id": {"x"}}, nil, 401, "unauthorized_client", 700016},
		{"the sign-in application", url.Values{"client_id": {emulator.DefaultClientID}, "client_secret": {emutest.Secret}}, nil, 401, "unauthorized_client", 501051},
		{"the sign-in application, wrong secret", url.Values{"client_id": {emulator.DefaultClientID}}, nil, 401, "invalid_client", 7000215},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := emutest.AppForm()
			for name := range tt.change {
				if form.Set(name, tt.change.Get(name)); tt.change.Get(name) == "" {
					form.Del(name)
				}
			}
			status, reply := s.PostToken(form, tt.basic...)
			if status != tt.status || tt.error != "" && (reply["error"] != tt.error || emutest.At(reply, "error_codes", 0) != tt.number) {
				t.Fatalf("status %d, want %d %s %v: %v", status, tt.status, tt.error, tt.number, reply)
			}
			if tt.error == "" && (reply["access_token"] == nil || len(reply) != 4) {
				t.Errorf("want four properties and neither a refresh nor an ID token: %v", reply)
			}
		})
	}
}

func TestClaimsOfAnApplicationToken(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	claims := emutest.Claims(t, s.AppToken())
	for claim, want := range map[string]any{
		"idtyp": "app", "appid": emulator.DefaultAppClientID, "tid": emulator.DefaultTenant, "scp": nil, "iss": s.Emulator.Issuer(),
	} {
		if claims[claim] != want {
			t.Errorf("%s is %v, want %v", claim, claims[claim], want)
		}
	}
	if emutest.At(claims, "roles", 0) != "OnlineMeetings.ReadWrite.All" || emutest.At(claims, "roles", 1) != "User.Read.All" || claims["oid"] != claims["sub"] {
		t.Errorf("claims %v", claims)
	}
}

func TestDiscoveryListsTheGrantTypes(t *testing.T) {
	var d struct {
		Grants []string `json:"grant_types_supported"`
	}
	if err := emutest.New(t, nil).Provider.Claims(&d); err != nil || strings.Join(d.Grants, " ") != "authorization_code refresh_token client_credentials" {
		t.Errorf("grants %v (%v)", d.Grants, err)
	}
}

func TestOneApplicationCanHaveBothKindsOfToken(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.AccessPolicy = []string{emulator.Everyone} })
	path := "/v1.0/users/" + emutest.Person("dana@contoso.example").ObjectID + "/onlineMeetings/createOrGet"
	if r, m := s.Graph("POST", path, s.AppToken(), `{"externalId":"1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
	public := emutest.New(t, func(o *emulator.Options) { o.ClientSecret = "" })
	form := emutest.AppForm()
	form.Set("client_id", emulator.DefaultClientID)
	form.Del("client_secret")
	if status, reply := public.PostToken(form); status != 401 || emutest.At(reply, "error_codes", 0) != 7000218.0 {
		t.Errorf("a client without a secret got status %d: %v", status, reply)
	}
}

func TestPeopleDoNotSignInToTheSecondApplication(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	c := s.App()
	c.ClientID = emulator.DefaultAppClientID
	if r, body := s.Get(c.AuthCodeURL("x")); r.StatusCode != 401 || !strings.Contains(body, "AADSTS700016") {
		t.Errorf("status %d:\n%s", r.StatusCode, body)
	}
}
