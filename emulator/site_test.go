package emulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	callback = "http://localhost:8080/auth/callback"
	goodbye  = "http://localhost:8080/goodbye"
	secret   = "a secret"
	createIt = "/v1.0/me/onlineMeetings/createOrGet"
)

// testKey spares every test the making of its own.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// site is an emulator behind a real port, with an application that uses it the
// way any application would.
type site struct {
	t        *testing.T
	e        *Emulator
	server   *httptest.Server
	browser  *http.Client // does not follow redirects
	provider *oidc.Provider
	clock    *testClock
}

// testClock is what Options.Now reads.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newSite starts an emulator; change may set options before that.
func newSite(t *testing.T, change func(*Options)) *site {
	t.Helper()
	s := &site{t: t, clock: &testClock{now: time.Now()}}
	s.server = httptest.NewUnstartedServer(nil)
	o := Options{
		URL:                    "http://" + s.server.Listener.Addr().String(),
		ClientSecret:           secret,
		RedirectURIs:           []string{callback},
		PostLogoutRedirectURIs: []string{goodbye},
		Now:                    s.clock.Now,
		Key:                    testKey(),
	}
	if change != nil {
		change(&o)
	}
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.e, s.server.Config.Handler = e, e
	s.server.Start()
	t.Cleanup(func() { s.server.Close(); e.Close() })
	s.browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	s.provider, err = oidc.NewProvider(context.Background(), e.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// app is the application's OAuth configuration.
func (s *site) app(scopes ...string) *oauth2.Config {
	if len(scopes) == 0 {
		scopes = []string{"openid", "profile", "email", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"}
	}
	endpoint := s.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // finding out would send a refused request twice
	return &oauth2.Config{ClientID: s.e.options.ClientID, ClientSecret: secret, Endpoint: endpoint, RedirectURL: callback, Scopes: scopes}
}

// get requests an address and returns the response, its body read.
func (s *site) get(address string) (*http.Response, string) {
	s.t.Helper()
	return s.read(s.browser.Get(address))
}

func (s *site) post(address string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	return s.read(s.browser.PostForm(address, form))
}

func (s *site) read(r *http.Response, err error) (*http.Response, string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r, string(body)
}

// returned takes the query of a redirect back to the application.
func (s *site) returned(r *http.Response) url.Values {
	s.t.Helper()
	target, err := r.Location()
	if err != nil || !strings.HasPrefix(target.String(), callback) {
		s.t.Fatalf("status %d, location %v (%v), want a redirect to %s", r.StatusCode, target, err, callback)
	}
	return target.Query()
}

// code signs somebody in and returns the code with its verifier.
func (s *site) code(upn string, c *oauth2.Config) (code, verifier string) {
	s.t.Helper()
	verifier = oauth2.GenerateVerifier()
	r, _ := s.get(c.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier), oidc.Nonce("the nonce"), oauth2.SetAuthURLParam("login_hint", upn)))
	q := s.returned(r)
	if q.Get("code") == "" || q.Get("state") != "the state" {
		s.t.Fatalf("returned with %v, want a code and the state", q)
	}
	return q.Get("code"), verifier
}

// signIn returns somebody's tokens.
func (s *site) signIn(upn string, scopes ...string) *oauth2.Token {
	s.t.Helper()
	c := s.app(scopes...)
	code, verifier := s.code(upn, c)
	token, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// refresh exchanges a refresh token.
func (s *site) refresh(token string) (*oauth2.Token, error) {
	return s.app().TokenSource(context.Background(), &oauth2.Token{RefreshToken: token}).Token()
}

// graph calls Graph with a token; body may be "".
func (s *site) graph(method, path, token, body string, header ...string) (*http.Response, map[string]any) {
	s.t.Helper()
	r, text := s.raw(method, path, token, []byte(body), header...)
	var v map[string]any
	if text != "" {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			s.t.Fatalf("%s %s: %v in:\n%s", method, path, err, text)
		}
	}
	return r, v
}

func (s *site) raw(method, path, token string, body []byte, header ...string) (*http.Response, string) {
	s.t.Helper()
	return s.read(s.browser.Do(s.request(method, path, token, body, header...)))
}

func (s *site) request(method, path, token string, body []byte, header ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(method, s.server.URL+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// create makes or gets a meeting and returns its document.
func (s *site) create(token, body string) map[string]any {
	s.t.Helper()
	r, m := s.graph("POST", createIt, token, body)
	if r.StatusCode != http.StatusCreated && r.StatusCode != http.StatusOK {
		s.t.Fatalf("status %d: %v", r.StatusCode, m)
	}
	return m
}

// at walks down a decoded document: at(m, "error", "code"), at(m, "value", 0).
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func person(upn string) Person {
	for _, p := range Cast() {
		if p.UPN == upn {
			return p
		}
	}
	return Person{}
}
