package emulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const appSecret = "another/secret+"

// withApp registers a second application that may act for Priya.
func withApp(o *Options) {
	o.AppClientID, o.AppClientSecret = DefaultAppClientID, appSecret
	o.AccessPolicy = []string{person("priya@contoso.example").ObjectID}
}

// askToken posts a form to the token endpoint, with Basic when there is a user.
func (s *site) askToken(form url.Values, basic ...string) (int, map[string]any) {
	s.t.Helper()
	r, err := http.NewRequest("POST", s.provider.Endpoint().TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("content-type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		r.SetBasicAuth(url.QueryEscape(basic[0]), url.QueryEscape(basic[1]))
	}
	got, body := s.read(s.browser.Do(r))
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		s.t.Fatal(err)
	}
	return got.StatusCode, v
}

func appForm() url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {DefaultAppClientID}, "client_secret": {appSecret},
		"scope": {"https://graph.microsoft.com/.default"},
	}
}

// appToken is the application's own.
func (s *site) appToken() string {
	s.t.Helper()
	form := appForm()
	form.Set("client_id", s.e.options.AppClientID)
	form.Set("client_secret", s.e.options.AppClientSecret)
	status, reply := s.askToken(form)
	token, _ := reply["access_token"].(string)
	if status != http.StatusOK || token == "" {
		s.t.Fatalf("status %d: %v", status, reply)
	}
	return token
}

func TestClientCredentials(t *testing.T) {
	s := newSite(t, withApp)
	for _, tt := range []struct {
		name   string
		change url.Values // parameters to set; "" removes
		basic  []string
		status int
		error  string
		number float64
	}{
		{"secret in the form", nil, nil, 200, "", 0},
		{"basic", url.Values{"client_id": {""}, "client_secret": {""}}, []string{DefaultAppClientID, appSecret}, 200, "", 0},
		{"US government", url.Values{"scope": {"https://graph.microsoft.us/.default"}}, nil, 200, "", 0},
		{"DoD", url.Values{"scope": {"https://dod-graph.microsoft.us/.default"}}, nil, 200, "", 0},
		{"Graph's ID", url.Values{"scope": {graphAudience + "/.default"}}, nil, 200, "", 0},
		{"no scope", url.Values{"scope": {""}}, nil, 400, "invalid_request", 900144},
		{"a permission", url.Values{"scope": {"https://graph.microsoft.com/OnlineMeetings.ReadWrite.All"}}, nil, 400, "invalid_scope", 1002012},
		{"a permission too", url.Values{"scope": {"https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default"}}, nil, 400, "invalid_scope", 70011},
		{"as MSAL for Go asks", url.Values{"scope": {"https://graph.microsoft.com/.default openid offline_access profile"}}, nil, 200, "", 0},
		{"OpenID Connect first", url.Values{"scope": {"openid profile offline_access https://graph.microsoft.com/.default"}}, nil, 200, "", 0},
		{"another case", url.Values{"scope": {"HTTPS://Graph.Microsoft.com/.Default OpenID"}}, nil, 200, "", 0},
		{"two slashes", url.Values{"scope": {"https://graph.microsoft.com//.default"}}, nil, 200, "", 0},
		{"OpenID Connect alone", url.Values{"scope": {"openid profile offline_access"}}, nil, 400, "invalid_scope", 1002012},
		{"two resources", url.Values{"scope": {"https://graph.microsoft.com/.default https://graph.microsoft.us/.default"}}, nil, 400, "invalid_scope", 1002012},
		{"another resource", url.Values{"scope": {"https://vault.azure.net/.default"}}, nil, 400, "invalid_scope", 70011},
		{"wrong secret", url.Values{"client_secret": {"x"}}, nil, 401, "invalid_client", 7000215},
		{"no secret", url.Values{"client_secret": {""}}, nil, 401, "invalid_client", 7000218},
		{"nobody", url.Values{"client_id": {""}}, nil, 400, "invalid_request", 900144},
		{"unknown application", url.Values{"client_id": {"x"}}, nil, 401, "unauthorized_client", 700016},
		{"the people's application", url.Values{"client_id": {DefaultClientID}, "client_secret": {secret}}, nil, 401, "unauthorized_client", 501051},
		{"the people's application, wrong secret", url.Values{"client_id": {DefaultClientID}}, nil, 401, "invalid_client", 7000215},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := appForm()
			for name := range tt.change {
				if form.Set(name, tt.change.Get(name)); tt.change.Get(name) == "" {
					form.Del(name)
				}
			}
			status, reply := s.askToken(form, tt.basic...)
			if status != tt.status || tt.error != "" && (reply["error"] != tt.error || at(reply, "error_codes", 0) != tt.number) {
				t.Fatalf("status %d, want %d %s %v: %v", status, tt.status, tt.error, tt.number, reply)
			}
			if tt.error == "" && (reply["access_token"] == nil || len(reply) != 4) {
				t.Errorf("want four properties and neither a refresh nor an ID token: %v", reply)
			}
		})
	}
}

func TestClaimsOfAnApplication(t *testing.T) {
	s := newSite(t, withApp)
	claims := payload(t, s.appToken())
	for claim, want := range map[string]any{
		"idtyp": "app", "appid": DefaultAppClientID, "tid": DefaultTenant, "scp": nil, "iss": s.e.Issuer(),
	} {
		if claims[claim] != want {
			t.Errorf("%s is %v, want %v", claim, claims[claim], want)
		}
	}
	if at(claims, "roles", 0) != "OnlineMeetings.ReadWrite.All" || at(claims, "roles", 1) != "User.Read.All" || claims["oid"] != claims["sub"] {
		t.Errorf("claims %v", claims)
	}
}

func TestDiscoveryNamesTheGrants(t *testing.T) {
	var d struct {
		Grants []string `json:"grant_types_supported"`
	}
	if err := newSite(t, nil).provider.Claims(&d); err != nil || strings.Join(d.Grants, " ") != "authorization_code refresh_token client_credentials" {
		t.Errorf("grants %v (%v)", d.Grants, err)
	}
}

func TestTheOnlyApplicationMayHaveBothKindsOfToken(t *testing.T) {
	s := newSite(t, func(o *Options) { o.AccessPolicy = []string{Everyone} })
	path := "/v1.0/users/" + person("dana@contoso.example").ObjectID + "/onlineMeetings/createOrGet"
	if r, m := s.graph("POST", path, s.appToken(), `{"externalId":"1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
	public := newSite(t, func(o *Options) { o.ClientSecret = "" })
	form := appForm()
	form.Set("client_id", DefaultClientID)
	form.Del("client_secret")
	if status, reply := public.askToken(form); status != 401 || at(reply, "error_codes", 0) != 7000218.0 {
		t.Errorf("a client without a secret got status %d: %v", status, reply)
	}
}

func TestPeopleDoNotSignInToTheSecondApplication(t *testing.T) {
	s := newSite(t, withApp)
	c := s.app()
	c.ClientID = DefaultAppClientID
	if r, body := s.get(c.AuthCodeURL("x")); r.StatusCode != 401 || !strings.Contains(body, "AADSTS700016") {
		t.Errorf("status %d:\n%s", r.StatusCode, body)
	}
}

func TestWhoMayCallWhere(t *testing.T) {
	s := newSite(t, withApp)
	app, delegated := s.appToken(), s.signIn("priya@contoso.example").AccessToken
	priya, dana := "/users/"+person("priya@contoso.example").ObjectID, "/users/"+person("dana@contoso.example").ObjectID
	const path = "/onlineMeetings/createOrGet"
	for _, tt := range []struct {
		name, token, path string
		status            int
		code, message     string
	}{
		{"application for Priya", app, priya + path, 201, "", ""},
		{"again, by the action's full name", app, priya + "/onlineMeetings/microsoft.graph.createOrGet", 200, "", ""},
		{"an ID in capitals is another ID", app, "/users/" + strings.ToUpper(priya[7:]) + path, 404, "UnknownError", ""},
		{"application on /me", app, "/me" + path, 400, "BadRequest", "/me request is only valid with delegated authentication flow."},
		{"a person below /users", delegated, priya + path, 403, "Forbidden", ""},
		{"a person for somebody else", delegated, dana + path, 403, "Forbidden", ""},
		{"UPN", app, "/users/priya@contoso.example" + path, 404, "UnknownError", ""},
		{"unknown", app, "/users/00000000-0000-0000-0000-000000000000" + path, 404, "UnknownError", ""},
		{"without a policy", app, dana + path, 403, "Forbidden", "No application access policy found for this app"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.graph("POST", "/v1.0"+tt.path, tt.token, `{"externalId":"1"}`)
			code, _ := at(m, "error", "code").(string)
			message, _ := at(m, "error", "message").(string)
			if r.StatusCode != tt.status || code != tt.code || message != tt.message {
				t.Errorf("status %d %s %q, want %d %s %q", r.StatusCode, code, message, tt.status, tt.code, tt.message)
			}
		})
	}
	if r, m := s.graph("POST", createIt, delegated, `{"externalId":"1"}`); r.StatusCode != http.StatusOK {
		t.Errorf("Priya's own call for the application's meeting: status %d: %v", r.StatusCode, m)
	}
	if r, m := s.graph("GET", "/v1.0/me", app, ""); r.StatusCode != 400 {
		t.Errorf("GET /me by an application: status %d: %v", r.StatusCode, m)
	}
}

func TestTheApplicationUsesAMeeting(t *testing.T) {
	s := newSite(t, withApp)
	app, users := s.appToken(), "/v1.0/users/"+person("priya@contoso.example").ObjectID+"/onlineMeetings"
	_, m := s.graph("POST", users+"/createOrGet", app, `{"externalId":"1"}`)
	id, link := m["id"].(string), m["joinWebUrl"].(string)
	if at(m, "participants", "organizer", "upn") != "priya@contoso.example" || !strings.Contains(m["@odata.context"].(string), "users('"+person("priya@contoso.example").ObjectID+"')") {
		t.Errorf("organizer %v in %v", at(m, "participants", "organizer"), m["@odata.context"])
	}
	foreign := s.create(s.signIn("dana@contoso.example").AccessToken, `{"externalId":"1"}`)
	for _, tt := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/" + url.PathEscape(id), "", 200},
		{"GET", "/" + id + "/?$select=id", "", 200},
		{"GET", "?$filter=" + escape("JoinWebUrl eq '"+link+"'"), "", 200},
		{"GET", "/?%24filter=" + escape("JoinWebUrl eq '"+link+"'"), "", 200},
		{"GET", "", "", 400},
		{"PATCH", "/" + id, `{"subject":"moved"}`, 200},
		{"GET", "/" + foreign["id"].(string), "", 403},
		{"GET", "?$filter=" + escape("JoinWebUrl eq '"+foreign["joinWebUrl"].(string)+"'"), "", 403},
		{"DELETE", "/" + foreign["id"].(string), "", 403},
		{"DELETE", "/" + id, "", 204},
		{"DELETE", "/" + id, "", 404},
		{"PUT", "/" + id, "", 405},
	} {
		if r, got := s.graph(tt.method, users+tt.path, app, tt.body); r.StatusCode != tt.status {
			t.Errorf("%s %s: status %d, want %d: %v", tt.method, tt.path, r.StatusCode, tt.status, got)
		}
	}
	if r, got := s.graph("GET", "/v1.0/users/x/planets", app, ""); at(got, "error", "message") != "Resource not found for the segment 'planets'." {
		t.Errorf("status %d: %v", r.StatusCode, got)
	}
}

func TestAccessPolicy(t *testing.T) {
	s := newSite(t, withApp)
	app := s.appToken()
	priya, dana := person("priya@contoso.example").ObjectID, person("dana@contoso.example").ObjectID
	for _, step := range []struct {
		name        string
		change      func()
		priya, dana bool
	}{
		{"as it began", func() {}, true, false},
		{"one more", func() { s.e.GrantAccessPolicy(strings.ToUpper(dana)) }, true, true},
		{"one less", func() { s.e.RevokeAccessPolicy(priya) }, false, true},
		{"everyone", func() { s.e.GrantAccessPolicy(Everyone) }, false, true},
		{"everyone but those named", func() { s.e.GrantAccessPolicy(priya); s.e.RevokeAccessPolicy(dana) }, true, false},
		{"no longer everyone", func() { s.e.RevokeAccessPolicy(Everyone) }, true, false},
	} {
		step.change()
		for id, allowed := range map[string]bool{priya: step.priya, dana: step.dana} {
			r, m := s.graph("POST", "/v1.0/users/"+id+"/onlineMeetings/createOrGet", app, `{"externalId":"1"}`)
			if (r.StatusCode < 300) != allowed {
				t.Errorf("%s: status %d for %s, want allowed %v: %v", step.name, r.StatusCode, id, allowed, m)
			}
		}
	}
}

func TestPolicyBelongsToOneApplication(t *testing.T) {
	before := newSite(t, func(o *Options) { withApp(o); o.AppClientID = "another" }).appToken()
	s := newSite(t, withApp)
	path := "/v1.0/users/" + person("priya@contoso.example").ObjectID + "/onlineMeetings/createOrGet"
	if r, m := s.graph("POST", path, before, `{"externalId":"1"}`); r.StatusCode != 403 || at(m, "error", "code") != "Forbidden" {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}

func TestApplicationPermissions(t *testing.T) {
	for _, tt := range []struct {
		role                string
		create, find, users int
	}{
		{"OnlineMeetings.ReadWrite.All", 201, 400, 403},
		{"OnlineMeetings.Read.All", 403, 400, 403},
		{"User.ReadBasic.All", 403, 403, 200},
		{"OnlineMeetings.ReadWrite", 403, 403, 403},
	} {
		s := newSite(t, func(o *Options) { withApp(o); o.AppRoles = []string{tt.role} })
		token, users := s.appToken(), "/v1.0/users/"+person("priya@contoso.example").ObjectID
		for path, want := range map[string]int{users + "/onlineMeetings": tt.find, users: tt.users, "/v1.0/users": tt.users} {
			if r, m := s.graph("GET", path, token, ""); r.StatusCode != want {
				t.Errorf("%s: GET %s: status %d, want %d: %v", tt.role, path, r.StatusCode, want, m)
			}
		}
		if r, m := s.graph("POST", users+"/onlineMeetings/createOrGet", token, `{"externalId":"1"}`); r.StatusCode != tt.create {
			t.Errorf("%s: status %d, want %d: %v", tt.role, r.StatusCode, tt.create, m)
		}
	}
}
