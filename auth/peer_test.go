package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

const (
	secret    = "the-client-secret"
	redirect  = "http://localhost:8080/auth/callback"
	signedOut = "http://localhost:8080/"
)

var scopes = []string{"openid", "profile", "email", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"}

type tenant struct {
	*emulator.Emulator
	server *httptest.Server
	config auth.Config
}

func newTenant(t *testing.T, people ...emulator.Person) *tenant {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	em, err := emulator.New(emulator.Options{
		URL: "http://" + server.Listener.Addr().String(), ClientSecret: secret, People: people, Key: key(),
		RedirectURIs: []string{redirect}, PostLogoutRedirectURIs: []string{signedOut},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = em
	server.Start()
	t.Cleanup(server.Close)
	return &tenant{em, server, auth.Config{
		Issuer: em.Issuer(), ClientID: emulator.DefaultClientID, Credential: auth.Credential{Secret: secret}, RedirectURL: redirect,
		Scopes: scopes, TenantID: emulator.DefaultTenant,
		RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin",
		AllowEmulator: true,
	}}
}

// start begins a sign-in as upn. It returns the flow and the query of the callback URL.
func start(t *testing.T, p *auth.Provider, upn string) (auth.Flow, url.Values) {
	t.Helper()
	flow := auth.NewFlow()
	address, err := p.Start(t.Context(), flow, upn, "")
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil || !strings.HasPrefix(back.String(), redirect+"?") {
		t.Fatalf("the browser was sent to %v, %v (status %d)", back, err, resp.StatusCode)
	}
	return flow, back.Query()
}

func signIn(t *testing.T, p *auth.Provider, upn string) (auth.Identity, auth.Tokens, error) {
	t.Helper()
	flow, query := start(t, p, upn)
	return p.Finish(t.Context(), flow, query)
}

// wantError checks the error's code and key. The error must contain neither a secret nor
// the provider's own wording.
func wantError(t *testing.T, err error, code meeting.Code, key meeting.Reason) *meeting.Error {
	t.Helper()
	var e *meeting.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want %s", err, key)
	}
	if e.Code != code || e.Key != key {
		t.Errorf("error %v, want %s %s", err, code, key)
	}
	for _, banned := range []string{secret, "the-code", "the-refresh-token", "the-description", "eyJ"} {
		if strings.Contains(err.Error(), banned) {
			t.Errorf("the error contains %q: %q", banned, err)
		}
	}
	return e
}

// key signs the ID tokens. All tests share it, because generating a key is slow.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// person returns the first person in the emulated tenant, as modified by the callback. The
// callback may be nil.
func person(change func(*emulator.Person)) emulator.Person {
	p := emulator.Cast()[0]
	if change != nil {
		change(&p)
	}
	return p
}

const priya = "priya@contoso.example"
