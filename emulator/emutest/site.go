package emutest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"meetdesk/emulator"
)

// The redirect URIs and client secrets of the applications.
const (
	Callback  = "http://localhost:8080/auth/callback"
	Goodbye   = "http://localhost:8080/goodbye"
	Secret    = "a secret"
	AppSecret = "another/secret+" // contains characters that must be escaped in an Authorization header
)

// Key returns a signing key that all tests share, because generating a key is slow. It has
// only 1024 bits, because signing with 2048 bits would take five times as long.
var Key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	return k
})

// Site is an emulator on a real port, with an application and a browser that use it.
type Site struct {
	T        *testing.T
	Emulator *emulator.Emulator
	URL      string       // the emulator's base URL
	Browser  *http.Client // does not follow redirects
	Provider *oidc.Provider
	Clock    *Clock
}

// Clock is a clock that advances only when Advance is called.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// New starts an emulator and stops it at the end of the test. If change is not nil, New
// calls it to modify the options.
func New(t *testing.T, change func(*emulator.Options)) *Site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &Site{T: t, Clock: &Clock{now: time.Now()}, URL: "http://" + server.Listener.Addr().String()}
	o := emulator.Options{
		URL:                    s.URL,
		ClientSecret:           Secret,
		RedirectURIs:           []string{Callback},
		PostLogoutRedirectURIs: []string{Goodbye},
		Now:                    s.Clock.Now,
		Key:                    Key(),
	}
	if change != nil {
		change(&o)
	}
	e, err := emulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Emulator, server.Config.Handler = e, e
	server.Start()
	t.Cleanup(func() { server.Close(); e.Close() })
	s.Browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	s.Provider, err = oidc.NewProvider(context.Background(), e.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// WithApp registers a second application that may act on Priya's behalf.
func WithApp(o *emulator.Options) {
	o.AppClientID, o.AppClientSecret = emulator.DefaultAppClientID, AppSecret
	o.AccessPolicy = []string{Person("priya@contoso.example").ObjectID}
}

// Person returns the member of the cast with the given UPN, or a zero Person.
func Person(upn string) emulator.Person {
	for _, p := range emulator.Cast() {
		if p.UPN == upn {
			return p
		}
	}
	return emulator.Person{}
}
