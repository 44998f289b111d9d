package auth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

func TestSignIn(t *testing.T) {
	tenant := newTenant(t)
	p := auth.New(tenant.config)
	for upn, role := range map[string]meeting.Role{
		"priya@contoso.example": meeting.Staff, "tomas@contoso.example": meeting.Staff,
		"dana@contoso.example": meeting.HelpDesk, "alex@contoso.example": meeting.Admin,
		"sam@contoso.example": meeting.NoRole,
	} {
		who, tokens, err := signIn(t, p, upn)
		if err != nil {
			t.Fatalf("%s: %v", upn, err)
		}
		if who.UPN != upn || who.Role != role || who.TenantID != emulator.DefaultTenant || who.ObjectID == "" ||
			who.Name == "" || who.SID == "" {
			t.Errorf("%s: %+v, want role %v", upn, who, role)
		}
		if tokens.AccessToken == "" || tokens.RefreshToken == "" || tokens.IDToken == "" || tokens.Scope == "" {
			t.Errorf("%s: a token or the scope is missing", upn)
		}
		if left := time.Until(tokens.Expiry); left < 30*time.Minute || left > 2*time.Hour {
			t.Errorf("%s: the access token expires in %v", upn, left)
		}
	}
}

func TestStart(t *testing.T) {
	p := auth.New(newTenant(t).config)
	flow := auth.NewFlow()
	address, err := p.Start(t.Context(), flow, priya, "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	for name, want := range map[string]string{
		"response_type": "code", "response_mode": "query", "client_id": emulator.DefaultClientID, "redirect_uri": redirect,
		"scope": "openid profile email offline_access User.Read OnlineMeetings.ReadWrite",
		"state": flow.State, "nonce": flow.Nonce, "code_challenge_method": "S256", "login_hint": priya,
	} {
		if got := query.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	other := auth.NewFlow()
	again, err := p.Start(t.Context(), other, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if other.State == flow.State || other.Nonce == flow.Nonce || other.Verifier == flow.Verifier || len(flow.State) < 22 || len(flow.Nonce) < 22 {
		t.Errorf("two flows share a value, or it is too short: %+v %+v", flow, other)
	}
	if u, _ := url.Parse(again); u.Query().Has("login_hint") {
		t.Error("an empty hint was sent")
	}
	for _, length := range []int{300, 301} {
		address, err := p.Start(t.Context(), flow, strings.Repeat("p", length), "")
		if err != nil {
			t.Fatal(err)
		}
		if u, _ := url.Parse(address); u.Query().Has("login_hint") != (length <= 300) {
			t.Errorf("a hint of %d bytes: sent %v", length, u.Query().Has("login_hint"))
		}
	}
}

func TestStartWithClaims(t *testing.T) {
	p := auth.New(newTenant(t).config)
	const challenge = `{"access_token":{"acrs":{"essential":true, "value":"c1&x"}}}`
	exact := `{"a":"` + strings.Repeat("x", 800-len(url.QueryEscape(`{"a":""}`))) + `"}`
	for _, tt := range []struct{ name, claims, want string }{
		{"none", "", ""},
		{"challenge", challenge, challenge},
		{"longest", exact, exact},
		{"too long", exact + " ", ""},
		{"too long when it is escaped", `{"a":"` + strings.Repeat("<", 300) + `"}`, ""},
		{"list", `["access_token"]`, ""},
		{"null", `null`, ""},
		{"text", `"access_token"`, ""},
		{"two objects", `{}{}`, ""},
		{"cut off", `{"access_token":`, ""},
		{"space", " ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address, err := p.Start(t.Context(), auth.NewFlow(), priya, tt.claims)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(address)
			if got := u.Query(); err != nil || got.Get("claims") != tt.want || got.Has("claims") != (tt.want != "") || got.Get("login_hint") != priya {
				t.Errorf("claims %q, want %q: %v", got.Get("claims"), tt.want, err)
			}
		})
	}
}

func TestWhoMayNotSignIn(t *testing.T) {
	for _, tt := range []struct {
		name   string
		person emulator.Person
		config func(*auth.Config)
		key    meeting.Reason
	}{
		{"guest", person(func(p *emulator.Person) { p.Guest = true }), nil, meeting.ReasonSignInGuest},
		{"personal account", person(func(p *emulator.Person) { p.Tenant = emulator.PersonalTenant }), nil, meeting.ReasonSignInPersonal},
		{"other tenant", person(nil), func(c *auth.Config) { c.TenantID = "11111111-0c5b-4c0e-9b61-7d2a7f6e5a10" }, meeting.ReasonSignInTenant},
		{"no tenant configured", person(nil), func(c *auth.Config) { c.TenantID = "" }, meeting.ReasonSignInTenant},
		{"scope not granted", person(func(p *emulator.Person) { p.Denied = []string{"OnlineMeetings.ReadWrite"} }), nil, meeting.ReasonSignInScope},
		{"no oid without profile", person(nil), func(c *auth.Config) {
			c.Scopes = []string{"openid", "offline_access", "OnlineMeetings.ReadWrite"}
		}, meeting.ReasonSignInTokenMissing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant := newTenant(t, tt.person)
			if tt.config != nil {
				tt.config(&tenant.config)
			}
			who, tokens, err := signIn(t, auth.New(tenant.config), priya)
			wantError(t, err, meeting.Forbidden, tt.key)
			if who != (auth.Identity{}) || tokens != (auth.Tokens{}) {
				t.Error("the error comes with an identity or tokens")
			}
		})
	}
}

// A user has a role only if the ID token contains the role's configured name. If that name
// is empty, no user has the role.
func TestRoles(t *testing.T) {
	for _, tt := range []struct {
		name  string
		roles []string
		want  meeting.Role
	}{
		{"several", []string{"Meetdesk.Staff", "Meetdesk.Admin", "Meetdesk.HelpDesk"}, meeting.Admin},
		{"in another case", []string{"meetdesk.staff"}, meeting.NoRole},
		{"unknown", []string{"Other.Admin"}, meeting.NoRole},
		{"renamed", []string{"Desk.Clerk"}, meeting.Staff},
		{"empty", []string{""}, meeting.NoRole},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant := newTenant(t, person(func(p *emulator.Person) { p.Roles = tt.roles }))
			switch tt.name {
			case "renamed":
				tenant.config.RoleStaff = "Desk.Clerk"
			case "empty":
				tenant.config.RoleAdmin = ""
			}
			who, _, err := signIn(t, auth.New(tenant.config), priya)
			if err != nil || who.Role != tt.want {
				t.Errorf("role %v, %v; want %v", who.Role, err, tt.want)
			}
		})
	}
}

// Only the browser that began a sign-in can finish it, and only once.
func TestFlowBelongsToOneBrowser(t *testing.T) {
	p := auth.New(newTenant(t).config)
	flow, query := start(t, p, priya)
	for name, forged := range map[string]auth.Flow{
		"another browser": {State: "x", Nonce: flow.Nonce, Verifier: flow.Verifier},
		"no flow":         {},
	} {
		_, _, err := p.Finish(t.Context(), forged, query)
		wantError(t, err, meeting.Invalid, meeting.ReasonSignInState)
		if name == "no flow" {
			_, _, err = p.Finish(t.Context(), forged, url.Values{"code": {"the-code"}})
			wantError(t, err, meeting.Invalid, meeting.ReasonSignInState)
		}
	}
	other := flow
	other.Verifier = "wrong-verifier-wrong-verifier-wrong-verifier-wrong"
	_, _, err := p.Finish(t.Context(), other, query)
	e := wantError(t, err, meeting.Forbidden, meeting.ReasonSignInRefused)
	if e.Args["Code"] == "" {
		t.Errorf("the error has no code to quote: %v", e.Args)
	}

	flow, query = start(t, p, priya)
	flow.Nonce = "another"
	_, _, err = p.Finish(t.Context(), flow, query)
	wantError(t, err, meeting.Forbidden, meeting.ReasonSignInTokenWrong)

	flow, query = start(t, p, priya)
	if _, _, err = p.Finish(t.Context(), flow, query); err != nil {
		t.Fatal(err)
	}
	_, _, err = p.Finish(t.Context(), flow, query) // redeeming the same code a second time
	wantError(t, err, meeting.Forbidden, meeting.ReasonSignInRefused)
}

// If the keys cannot be fetched, the error says that the provider is unavailable, not
// that the token is wrong.
func TestKeysUnavailable(t *testing.T) {
	for name, failure := range map[string]emulator.Failure{
		"HTML page": {Status: 502, Body: strings.Repeat("a long page ", 1000)},
		"cut off":   {Status: 200, CutBody: true},
	} {
		t.Run(name, func(t *testing.T) {
			tenant, now := newTenant(t), new(clock)
			tenant.config.Now = now.now
			p := auth.New(tenant.config)
			flow, query := start(t, p, priya)
			tenant.FailNext("GET /keys", failure)
			_, _, err := p.Finish(t.Context(), flow, query)
			wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			if len(err.Error()) > 500 {
				t.Errorf("the error for the log has %d bytes", len(err.Error()))
			}
			now.advance(5 * time.Second)
			if _, _, err := signIn(t, p, priya); err != nil {
				t.Errorf("a sign-in five seconds later fails: %v", err)
			}
		})
	}
}

func TestErrorsInRedirects(t *testing.T) {
	p := auth.New(auth.Config{Issuer: "http://127.0.0.1:1"}) // the test sends no request to the provider
	flow := auth.Flow{State: "s", Nonce: "n", Verifier: "v"}
	for _, tt := range []struct {
		name, description string
		code              meeting.Code
		key               meeting.Reason
		quoted            string // error code shown to the administrator
	}{
		{"access_denied", "AADSTS65004: the-description", meeting.Forbidden, meeting.ReasonSignInDeclined, ""},
		{"access_denied", "the-description", meeting.Forbidden, meeting.ReasonSignInDeclined, ""},
		{"access_denied", "AADSTS90094: the-description", meeting.Forbidden, meeting.ReasonSignInScope, ""},
		{"invalid_grant", "AADSTS65001: the-description", meeting.Forbidden, meeting.ReasonSignInScope, ""},
		{"interaction_required", "AADSTS90095: the-description", meeting.Forbidden, meeting.ReasonSignInScope, ""},
		{"consent_required", "", meeting.Forbidden, meeting.ReasonSignInScope, ""},
		{"unauthorized_client", "AADSTS700016: the-description", meeting.Unavailable, meeting.ReasonSignInSetup, "unauthorized_client AADSTS700016"},
		{"login_required", "see AADSTS65004", meeting.Forbidden, meeting.ReasonSignInRefused, "login_required"},
		{"<script>", "the-description", meeting.Forbidden, meeting.ReasonSignInRefused, "unknown"},
		{"temporarily_unavailable", "", meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"server_error", "AADSTS90033: the-description", meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
	} {
		t.Run(tt.name+tt.description, func(t *testing.T) {
			query := url.Values{"state": {"s"}, "error": {tt.name}, "error_description": {tt.description}}
			_, _, err := p.Finish(t.Context(), flow, query)
			e := wantError(t, err, tt.code, tt.key)
			if tt.quoted != "" && e.Args["Code"] != tt.quoted {
				t.Errorf("code %q, want %q", e.Args["Code"], tt.quoted)
			}
		})
	}
	_, _, err := p.Finish(t.Context(), flow, url.Values{"state": {"s"}})
	wantError(t, err, meeting.Forbidden, meeting.ReasonSignInNoCode)
}

func TestSignOutURL(t *testing.T) {
	tenant := newTenant(t)
	p := auth.New(tenant.config)
	_, tokens, err := signIn(t, p, priya)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, idToken := range []string{tokens.IDToken, ""} {
		address := p.SignOutURL(t.Context(), idToken, signedOut)
		u, err := url.Parse(address)
		if err != nil || u.Query().Has("logout_hint") != (idToken != "") || u.Query().Get("id_token_hint") != idToken {
			t.Fatalf("%q: %v", address, err)
		}
		resp, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if back := resp.Header.Get("Location"); back != signedOut {
			t.Errorf("the browser was sent to %q, want %q (status %d)", back, signedOut, resp.StatusCode)
		}
	}
	down := auth.New(auth.Config{Issuer: "http://127.0.0.1:1"})
	if got := down.SignOutURL(t.Context(), "", signedOut); got != "" {
		t.Errorf("the address is %q although the provider is down", got)
	}
}

// The sign-out URL omits an ID token or login_hint that is too long. It never omits the
// parameters that lead back to the desk.
func TestSignOutURLIsBounded(t *testing.T) {
	p := newProvider(t)
	p.discovery = object{"end_session_endpoint": p.URL + "/logout"}
	desk := auth.New(p.config())
	for name, claims := range map[string]object{
		"few claims":        {"login_hint": "hint"},
		"a long login_hint": {"login_hint": strings.Repeat("h", 3000)},
		"a long name":       {"login_hint": "hint", "name": strings.Repeat("n", 2000)},
		"many roles":        {"login_hint": "hint", "roles": strings.Split(strings.Repeat("Some.Role ", 400), " ")},
		"ampersands":        {"login_hint": strings.Repeat("&", 700)},
	} {
		p.claims = claims
		address := desk.SignOutURL(t.Context(), p.idToken(t), signedOut)
		u, err := url.Parse(address)
		if err != nil || len(address) > 2000 || u.Query().Get("post_logout_redirect_uri") != signedOut || u.Query().Get("client_id") != "desk" {
			t.Errorf("%s: %d bytes, %v: %.200s", name, len(address), err, address)
		}
		if got, want := u.Query().Has("id_token_hint"), name == "few claims"; got != want {
			t.Errorf("%s: the address has the ID token: %v, want %v", name, got, want)
		}
	}
}
