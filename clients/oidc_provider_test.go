package clients_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestOtherProvider checks sign-in, roles, token refresh and sign-out with the npm package
// oidc-provider. A proxy replaces the tokens in requests to Graph, because the emulator
// accepts only tokens that it issued itself.
func TestOtherProvider(t *testing.T) {
	nodePath := node(t)
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if os.Getenv("CLIENTS") == "required" {
			t.Fatal(err)
		}
		t.Skipf("left out: %v", err)
	}
	site, issuer := "https://localhost:"+freePort(t), "https://localhost:"+freePort(t)
	dir := t.TempDir()
	selfSigned(t, dir)

	provider := newProgram(t, nodePath, []string{
		"ISSUER=" + issuer, "SITE=" + site, "TENANT=" + tenant, "CLIENT_ID=meetdesk", "CLIENT_SECRET=the secret",
	}, "oidc_provider.mjs")
	_, providerPort, _ := strings.Cut(provider.wait("listening "), "listening ")
	deskAddr := "127.0.0.1:" + freePort(t)
	startNginx(t, nginx, dir, map[string]string{site: deskAddr, issuer: "127.0.0.1:" + providerPort})

	desk := newProgram(t, strings.TrimSuffix(program, "-demo"), []string{
		"SSL_CERT_FILE=" + filepath.Join(dir, "certificate"), "MEETDESK_URL=" + site, "MEETDESK_ADDR=" + deskAddr, "MEETDESK_DATA=" + t.TempDir(),
		"MEETDESK_ISSUER=" + issuer, "MEETDESK_TENANT_ID=" + tenant, "MEETDESK_CLIENT_ID=meetdesk", "MEETDESK_CLIENT_SECRET=the secret",
		"MEETDESK_GRAPH_URL=" + exchangingGraph(t), "MEETDESK_SESSION_KEYS=" + base64.StdEncoding.EncodeToString(make([]byte, 32)), "MEETDESK_TRUSTED_PROXIES=127.0.0.1",
	}, "serve")
	desk.wait("listening on")

	staff := newPerson(t, site)
	if page := staff.get("/auth/login?login_hint=priya@contoso.example"); page.status != 200 || !strings.Contains(page.text, "Priya Nair") {
		t.Fatalf("the sign-in ended at %s with %d:\n%s", page.url, page.status, page.text)
	}
	if page := staff.get("/admin"); page.status != 403 {
		t.Errorf("staff gets %d for the administrators' page", page.status)
	}
	if page := newPerson(t, site).get("/auth/login?login_hint=alex@contoso.example"); page.status != 200 {
		t.Errorf("the administrator's sign-in ended at %s with %d:\n%s", page.url, page.status, page.text)
	}
	if page := newPerson(t, site).get("/auth/login?login_hint=sam@contoso.example"); page.status != 403 {
		t.Errorf("somebody without a role ended at %s with %d:\n%s", page.url, page.status, page.text)
	}

	page := staff.post("/meetings", url.Values{
		"external_id": {"INC1"}, "subject": {"Printer"}, "date": {time.Now().AddDate(0, 0, 1).Format(time.DateOnly)},
		"start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"},
	})
	if page.status != 200 || !strings.HasSuffix(page.url.Path, "/meetings/1") {
		t.Errorf("the form ended at %s with %d:\n%s", page.url, page.status, page.text)
	}
	if provider.count("grant refresh_token") != 1 {
		t.Errorf("the token was not refreshed once:\n%s", provider.output())
	}

	page = staff.post("/auth/logout", nil)
	end := regexp.MustCompile(regexp.QuoteMeta(issuer) + `/session/end[^"'\s<]*`).FindString(page.text)
	if end == "" {
		t.Fatalf("signing out leads nowhere:\n%s", page.text)
	}
	page = staff.ask(http.MethodGet, html.UnescapeString(end), nil)
	xsrf := regexp.MustCompile(`name="xsrf" value="([^"]+)"`).FindStringSubmatch(page.text)
	if xsrf == nil {
		t.Fatalf("the provider does not ask: %d\n%s", page.status, page.text)
	}
	page = staff.ask(http.MethodPost, issuer+"/session/end/confirm", url.Values{"xsrf": {xsrf[1]}, "logout": {"yes"}})
	if page.status != 200 || page.url.Path != "/auth/signed-out" {
		t.Errorf("signing out ended at %s with %d:\n%s", page.url, page.status, page.text)
	}
	if page = staff.get("/auth/login"); page.text != "Sign in" {
		t.Errorf("after signing out, the provider did not ask who it is: %s\n%s", page.url, page.text)
	}
	// At startup, the desk tests its client secret with an invalid authorization code. The
	// resulting invalid_grant is the only error that the provider may report.
	if provider.count("error ") != 1 || provider.count("error invalid_grant") != 1 {
		t.Errorf("the provider failed:\n%s", provider.output())
	}
}

// exchangingGraph starts a proxy in front of the emulator's Graph and returns the proxy's
// URL. The proxy replaces each token with one from the emulator, and rejects the first
// createOrGet as if the token had expired.
func exchangingGraph(t *testing.T) string {
	m := startMicrosoft(t, "")
	token := m.signIn(m.msal(m.url+"/"+tenant, clientID, m.secret), []string{"https://graph.microsoft.com/OnlineMeetings.ReadWrite", "https://graph.microsoft.com/User.Read"}).AccessToken
	target, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{
		Transport: m.http.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Set("Authorization", "Bearer "+token)
		},
	}
	var refused atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/createOrGet") && !refused.Swap(true) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("request-id", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}`)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// freePort returns a free port. It is lower than the ports that the system chooses for
// connections, so none of these takes it before the program starts.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(10_000 + mathrand.IntN(20_000))
		if l, err := net.Listen("tcp4", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

func selfSigned(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"certificate": {Type: "CERTIFICATE", Bytes: certificate}, "key": {Type: "PRIVATE KEY", Bytes: encoded}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// startNginx starts nginx, which terminates TLS for each public URL and forwards requests
// to that URL's upstream.
func startNginx(t *testing.T, nginx, dir string, upstreams map[string]string) {
	t.Helper()
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n" // so that nginx can read the test's directory
	}
	config := user + strings.ReplaceAll("daemon off;\nworker_processes 1;\npid DIR/pid;\nerror_log stderr warn;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path DIR/a;\nproxy_temp_path DIR/b;\nfastcgi_temp_path DIR/c;\nuwsgi_temp_path DIR/d;\nscgi_temp_path DIR/e;\n", "DIR", dir)
	for public, upstream := range upstreams {
		u, err := url.Parse(public)
		if err != nil {
			t.Fatal(err)
		}
		config += fmt.Sprintf("server {\nlisten 127.0.0.1:%s ssl;\nssl_certificate %s/certificate;\nssl_certificate_key %s/key;\nlocation / {\nproxy_pass http://%s;\nproxy_http_version 1.1;\n"+
			"proxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\nproxy_set_header X-Forwarded-Proto https;\n}\n}\n", u.Port(), dir, dir, upstream)
	}
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	newProgram(t, nginx, nil, "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	for public := range upstreams {
		for range 200 {
			if c, err := net.Dial("tcp4", "127.0.0.1"+public[strings.LastIndex(public, ":"):]); err == nil {
				c.Close()
				break
			}
			time.Sleep(25 * time.Millisecond)
		}
	}
}

// runningProgram is a process that is stopped when the test ends.
type runningProgram struct {
	t     *testing.T
	mu    sync.Mutex
	lines []string
}

func newProgram(t *testing.T, path string, environ []string, args ...string) *runningProgram {
	t.Helper()
	p := &runningProgram{t: t}
	command := exec.Command(path, args...)
	command.Env = append(os.Environ(), environ...)
	out, in := io.Pipe()
	command.Stdout, command.Stderr, command.WaitDelay = in, in, 5*time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			p.mu.Lock()
			p.lines = append(p.lines, s.Text())
			p.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		command.Process.Signal(os.Interrupt) // if killed, nginx would leave its workers running
		command.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(path), p.output())
		}
	})
	return p
}

func (p *runningProgram) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

func (p *runningProgram) count(text string) int { return strings.Count(p.output(), text) }

func (p *runningProgram) wait(text string) string {
	p.t.Helper()
	for range 1200 {
		for line := range strings.Lines(p.output()) {
			if strings.Contains(line, text) {
				return strings.TrimSpace(line)
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.t.Fatalf("no %q in time:\n%s", text, p.output())
	return ""
}

// person is an HTTP client that keeps cookies and accepts every certificate.
type person struct {
	t      *testing.T
	site   string
	client *http.Client
}

type response struct {
	status int
	url    *url.URL
	text   string
}

func newPerson(t *testing.T, site string) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, site: site, client: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}}
}

func (p *person) get(path string) response { return p.ask(http.MethodGet, p.site+path, nil) }

func (p *person) post(path string, form url.Values) response {
	return p.ask(http.MethodPost, p.site+path, form)
}

func (p *person) ask(method, address string, form url.Values) response {
	p.t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	got, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil && !errors.Is(err, io.EOF) {
		p.t.Fatal(err)
	}
	return response{got.StatusCode, got.Request.URL, string(text)}
}
