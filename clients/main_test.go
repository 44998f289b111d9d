// Package clients_test tests the emulator with Microsoft's own sign-in libraries, MSAL
// for Go and MSAL Node. It also tests meetdesk with another identity provider, and checks
// the dashboard against Grafana's schema. The package is in a separate module, so that the
// program's go.mod does not list these libraries.
package clients_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	tenant   = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	clientID = "2b8f6d0a-51c7-4f0e-8a36-0d9c4e7b1f52"
	appID    = "5d3e9a17-84b2-4c6d-a0f5-61c8e2d97b34"
	priyaID  = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"
	priya    = "priya@contoso.example"
	redirect = "http://localhost:8080/auth/callback"
	verifier = "a-verifier-of-43-to-128-characters-that-nobody-guesses"
)

// program is the path of meetdesk-demo. TestMain builds it and meetdesk in the same
// directory.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "meetdesk-clients-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "meetdesk-demo")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", dir, "./cmd/meetdesk", "./cmd/meetdesk-demo")
	build.Dir = ".."
	build.Stderr = os.Stderr
	status := 1
	if build.Run() == nil {
		status = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// microsoft is the emulator behind a TLS proxy.
type microsoft struct {
	t           *testing.T
	url         string // the public URL
	secret      string
	appSecret   string
	certificate string       // path of the proxy's certificate, for clients in other languages
	http        *http.Client // connects to the proxy for every host and does not follow redirects
	answered    *sync.Map    // maps each path to the status of its latest response
}

// startMicrosoft starts the emulator behind a TLS proxy. The parameter public is the
// emulator's public URL, or "" for the proxy's URL.
func startMicrosoft(t *testing.T, public string, flags ...string) *microsoft {
	t.Helper()
	proxy := httptest.NewUnstartedServer(nil)
	if public == "" {
		public = "https://" + proxy.Listener.Addr().String()
	}
	m := &microsoft{t: t, url: public, answered: new(sync.Map)}
	settings := m.run(append(flags, "-url", public)...)
	m.secret, m.appSecret = settings["MEETDESK_CLIENT_SECRET"], settings["MEETDESK_APP_CLIENT_SECRET"]
	if settings["MEETDESK_GRAPH_URL"] != public || settings["MEETDESK_ISSUER"] != public+"/"+tenant+"/v2.0" {
		t.Fatalf("the settings do not have the public address: %v", settings)
	}
	behind, err := url.Parse(settings["control"])
	if err != nil {
		t.Fatal(err)
	}
	proxy.Config.Handler = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: behind.Host})
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			m.answered.Store(r.Request.URL.Path, r.StatusCode)
			return nil
		},
	}
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	m.trust(proxy)
	return m
}

func (m *microsoft) run(args ...string) map[string]string {
	m.t.Helper()
	em := exec.Command(program, append([]string{"emulator", "-addr", "127.0.0.1:0", "-data", m.t.TempDir()}, args...)...)
	em.Stderr = os.Stderr
	out, err := em.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := em.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		em.Process.Kill()
		em.Wait()
	})
	settings := map[string]string{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "="); ok {
			settings[name] = value
		}
		if _, address, ok := strings.Cut(lines.Text(), "go wrong with it: "); ok {
			settings["control"] = address
			return settings
		}
	}
	m.t.Fatal("the emulator ended before it said where it is")
	return nil
}

// trust sets m.http to a client that sends every request to the proxy and accepts its
// certificate. It also writes the certificate to a file.
func (m *microsoft) trust(proxy *httptest.Server) {
	m.t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(proxy.Certificate())
	transport := proxy.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.RootCAs = roots
	transport.TLSClientConfig.ServerName = "example.com" // one of the names in the certificate
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, proxy.Listener.Addr().String())
	}
	m.http = &http.Client{
		Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	m.certificate = filepath.Join(m.t.TempDir(), "proxy.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})
	if err := os.WriteFile(m.certificate, text, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// code requests an authorization URL as a browser would, and returns the authorization
// code.
func (m *microsoft) code(address string) string {
	m.t.Helper()
	r, err := m.http.Get(address)
	if err != nil {
		m.t.Fatal(err)
	}
	defer r.Body.Close()
	back, err := r.Location()
	if err != nil || back.Query().Get("code") == "" {
		text, _ := io.ReadAll(r.Body)
		m.t.Fatalf("no code: %s, %v\n%s", r.Status, back, text)
	}
	return back.Query().Get("code")
}

// createOrGet calls Graph with an access token, and fails the test unless the response
// has the given status and external ID.
func (m *microsoft) createOrGet(whose, token, externalID string, status int) {
	m.t.Helper()
	r, err := http.NewRequest("POST", m.url+"/v1.0/"+whose+"/onlineMeetings/createOrGet", strings.NewReader(`{"externalId":"`+externalID+`"}`))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	got, err := m.http.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer got.Body.Close()
	var meeting map[string]any
	if err := json.NewDecoder(got.Body).Decode(&meeting); err != nil || got.StatusCode != status || meeting["externalId"] != externalID {
		m.t.Errorf("createOrGet of %s: %s, want %d: %v, %v", whose, got.Status, status, meeting, err)
	}
}
