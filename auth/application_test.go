package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

const (
	appScope  = "https://graph.microsoft.com/.default"
	appSecret = "the-program's/secret+"
)

// issuer is a provider that issues the tokens T1, T2 and so on with the client
// credentials grant.
type issuer struct {
	*httptest.Server
	methods   any  // token_endpoint_auth_methods_supported; nil omits it
	expiresIn any  // expires_in in the response; nil omits it
	same      bool // always issue T1

	mu    sync.Mutex
	forms []url.Values  // the forms as received, plus the credentials from the Basic header
	hold  chan struct{} // if not nil, requests wait until it is closed
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	p := &issuer{expiresIn: 3600}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		write(w, with(object{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		}, object{"token_endpoint_auth_methods_supported": p.methods}))
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *issuer) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	user, password, basic := r.BasicAuth()
	if basic {
		r.PostForm.Set("basic", user+":"+password)
	}
	p.mu.Lock()
	p.forms = append(p.forms, r.PostForm)
	n := len(p.forms)
	p.mu.Unlock()
	if p.hold != nil {
		<-p.hold
	}
	if p.same {
		n = 1
	}
	write(w, with(object{"access_token": "T" + string(rune('0'+n)), "token_type": "Bearer"}, object{"expires_in": p.expiresIn}))
}

func (p *issuer) requests() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.forms
}

func (p *issuer) application(now func() time.Time) *auth.Application {
	return auth.New(auth.Config{Issuer: p.URL, ClientID: "desk", Credential: auth.Credential{Secret: secret}, Now: now}).Application("program", auth.Credential{Secret: appSecret}, appScope)
}

// A token is used until a minute before it expires, or until Graph rejects it. The desk's
// clock decides when a token expires.
func TestApplicationReusesItsToken(t *testing.T) {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name      string
		expiresIn any
		after     time.Duration
		rejected  string
		want      string
	}{
		{"fresh", 3600, 58 * time.Minute, "", "T1"},
		{"another token was rejected", 3600, 0, "T0", "T1"},
		{"about to expire", 3600, 59*time.Minute + time.Second, "", "T2"},
		{"expired", 3600, 2 * time.Hour, "", "T2"},
		{"rejected", 3600, 0, "T1", "T2"},
		{"lifetime in quotes", "3600", 59*time.Minute + time.Second, "", "T2"},
		{"no lifetime", nil, 100 * time.Hour, "", "T1"},
		{"no lifetime and rejected", nil, 0, "T1", "T2"},
		{"lifetime under a minute", 30, 0, "", "T2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newIssuer(t)
			p.expiresIn = tt.expiresIn
			now := start
			a := p.application(func() time.Time { return now })
			if got, err := a.Token(t.Context(), ""); err != nil || got != "T1" {
				t.Fatalf("the first token is %q, %v; want T1", got, err)
			}
			now = start.Add(tt.after)
			if got, err := a.Token(t.Context(), tt.rejected); err != nil || got != tt.want {
				t.Errorf("the token is %q, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestApplicationSendsItsCredentials(t *testing.T) {
	for _, tt := range []struct {
		name    string
		methods any
		want    string
	}{
		{"in the form", []string{"client_secret_basic", "client_secret_post"},
			"client_id=program&client_secret=" + url.QueryEscape(appSecret) + "&grant_type=client_credentials&scope=" + url.QueryEscape(appScope)},
		{"by Basic if the provider names no method", nil,
			"basic=" + url.QueryEscape("program:"+url.QueryEscape(appSecret)) + "&grant_type=client_credentials&scope=" + url.QueryEscape(appScope)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newIssuer(t)
			p.methods = tt.methods
			a := p.application(nil)
			if a.ClientID() != "program" || len(p.requests()) != 0 {
				t.Errorf("client %q sent %v before a token was needed", a.ClientID(), p.requests())
			}
			if _, err := a.Token(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			if got := p.requests()[0].Encode(); got != tt.want {
				t.Errorf("sent %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Concurrent callers share one request. A caller whose context is cancelled stops waiting.
func TestApplicationSharesOneRequest(t *testing.T) {
	p := newIssuer(t)
	p.hold = make(chan struct{})
	a := p.application(nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got, err := a.Token(t.Context(), ""); err != nil || got != "T1" {
				t.Errorf("the token is %q, %v; want T1", got, err)
			}
		})
	}
	for len(p.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := a.Token(ctx, "")
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	close(p.hold)
	all.Wait()
	for range 20 { // Graph rejected the same token for all these callers
		all.Go(func() {
			if got, err := a.Token(t.Context(), "T1"); err != nil || got != "T2" {
				t.Errorf("the token is %q, %v; want T2", got, err)
			}
		})
	}
	all.Wait()
	if n := len(p.requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestApplicationDoesNotReturnTheRejectedToken(t *testing.T) {
	p := newIssuer(t)
	p.same = true
	a := p.application(nil)
	if _, err := a.Token(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	got, err := a.Token(t.Context(), "T1")
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	if got != "" {
		t.Errorf("the error comes with the token %q", got)
	}
}

func TestApplicationSendsNoSecretInTheClear(t *testing.T) {
	p := newProvider(t)
	p.discovery = object{"token_endpoint": "http://login.example/token"}
	a := auth.New(p.direct()).Application("program", auth.Credential{Secret: appSecret}, appScope)
	_, err := a.Token(t.Context(), "")
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	if p.redeemed.Load() != 0 {
		t.Errorf("sent %s", p.form)
	}
}

// newApplication starts an emulated tenant in which the program has its own app
// registration. It returns the tenant and its provider.
func newApplication(t *testing.T) (*tenant, *auth.Provider) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	em, err := emulator.New(emulator.Options{
		URL: "http://" + server.Listener.Addr().String(), ClientSecret: secret, Key: key(), RedirectURIs: []string{redirect},
		AppClientID: emulator.DefaultAppClientID, AppClientSecret: appSecret,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = em
	server.Start()
	t.Cleanup(server.Close)
	config := auth.Config{Issuer: em.Issuer(), ClientID: emulator.DefaultClientID, Credential: auth.Credential{Secret: secret}, AllowEmulator: true,
		HTTP: &http.Client{Timeout: time.Second}}
	return &tenant{em, server, config}, auth.New(config)
}

func TestApplicationFailures(t *testing.T) {
	t.Parallel()
	entra := func(name, number string) emulator.Failure {
		return emulator.Failure{Status: 400, ContentType: "application/json", Body: `{"error":"` + name +
			`","error_description":"the-description","error_codes":[` + number + `]}`}
	}
	for _, tt := range []struct {
		name       string
		id, secret string
		scope      string
		failure    emulator.Failure
		key        meeting.Reason
		quoted     string // error code shown to the administrator
	}{
		{"unknown client ID", "x", appSecret, appScope, emulator.Failure{}, meeting.ReasonSignInAppSetup, "unauthorized_client AADSTS700016"},
		{"wrong secret", emulator.DefaultAppClientID, "x", appScope, emulator.Failure{}, meeting.ReasonSignInAppSetup, "invalid_client AADSTS7000215"},
		{"a scope other than .default", emulator.DefaultAppClientID, appSecret, "https://graph.microsoft.com/User.Read.All", emulator.Failure{}, meeting.ReasonSignInAppSetup, "invalid_scope AADSTS1002012"},
		{"secret expired", emulator.DefaultAppClientID, appSecret, appScope, entra("invalid_client", "7000222"), meeting.ReasonSignInAppSetup, "invalid_client AADSTS7000222"},
		{"blocked by a policy", emulator.DefaultAppClientID, appSecret, appScope, entra("invalid_grant", "53003"), meeting.ReasonSignInAppSetup, "invalid_grant AADSTS53003"},
		{"temporarily unavailable", emulator.DefaultAppClientID, appSecret, appScope, entra("temporarily_unavailable", "90033"), meeting.ReasonSignInUnavailable, ""},
		{"server error", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{Status: 503, Body: "the-description"}, meeting.ReasonSignInUnavailable, ""},
		{"HTML page", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{Status: 200, Body: "<html>the-description"}, meeting.ReasonSignInUnavailable, ""},
		{"response without a token", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{Status: 200, Body: "{}", ContentType: "application/json"}, meeting.ReasonSignInUnavailable, ""},
		{"response cut off", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{CutBody: true}, meeting.ReasonSignInUnavailable, ""},
		{"connection dropped", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{Drop: true}, meeting.ReasonSignInUnavailable, ""},
		{"timeout", emulator.DefaultAppClientID, appSecret, appScope, emulator.Failure{Delay: 3 * time.Second}, meeting.ReasonSignInUnavailable, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant, p := newApplication(t)
			if tt.failure.Status != 0 || tt.failure.CutBody || tt.failure.Drop || tt.failure.Delay != 0 {
				tenant.FailNext("POST /token", tt.failure)
			}
			got, err := p.Application(tt.id, auth.Credential{Secret: tt.secret}, tt.scope).Token(t.Context(), "")
			e := wantError(t, err, meeting.Unavailable, tt.key)
			if code, _ := e.Args["Code"].(string); code != tt.quoted || got != "" || strings.Contains(err.Error(), appSecret) {
				t.Errorf("code %q, want %q; token %q, error %v", code, tt.quoted, got, err)
			}
		})
	}
}

func TestApplicationRecovers(t *testing.T) {
	tenant, p := newApplication(t)
	a := p.Application(emulator.DefaultAppClientID, auth.Credential{Secret: appSecret}, appScope)
	tenant.FailNext("POST /token", emulator.Failure{Status: 500})
	_, err := a.Token(t.Context(), "")
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	first, err := a.Token(t.Context(), "")
	if err != nil || first == "" {
		t.Fatal(err)
	}
	again, err := a.Token(t.Context(), "")
	if err != nil || again != first {
		t.Errorf("the token changed although it was still valid, %v", err)
	}
	second, err := a.Token(t.Context(), first)
	if err != nil || second == first {
		t.Errorf("the rejected token was returned again, %v", err)
	}
}
