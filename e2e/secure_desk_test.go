package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"meetdesk/testenv"
)

// secureDesk is "meetdesk serve" behind a TLS proxy, as in production: its cookies are
// Secure and have the __Host- prefix. Chromium resolves every name under .example to this
// machine; see sharedChromium.
type secureDesk struct {
	*desk
	settings []string // the desk's environment variables
	mu       sync.Mutex
	seen     []seenRequest
}

// seenRequest is a request forwarded by the proxy, with the status of the response.
type seenRequest struct {
	method, path string
	status       int
	site         string // the Sec-Fetch-Site header
	session      bool   // whether the browser sent the session cookie
}

// deskHost is the desk's host name. The attacker has another host in the same domain; see
// startHostile.
const deskHost = "meet.contoso.example"

var (
	emulatorAt  = regexp.MustCompile(`is at (http://\S+)\. Nothing`)
	listeningOn = regexp.MustCompile(`listening on (\S+)`)
)

func startSecureDesk(t *testing.T) *secureDesk {
	t.Helper()
	chromium(t) // may skip the test
	d := &secureDesk{desk: &desk{t: t, data: t.TempDir(), addr: testenv.FreeAddress(t)}}
	proxy := httptest.NewUnstartedServer(nil)
	d.url = "https://" + deskHost + proxy.Listener.Addr().String()[len("127.0.0.1"):]

	emulator := &desk{t: t}
	microsoft := emulator.launch(emulatorAt, nil, "meetdesk-demo", "emulator", "-addr", "127.0.0.1:0", "-data", filepath.Join(d.data, "emulator"), "-secret", "the secret", "-redirect", d.url+"/auth/callback")
	t.Cleanup(emulator.stop)
	d.emulator = strings.TrimPrefix(microsoft, "http://")
	d.settings = []string{
		"MEETDESK_URL=" + d.url, "MEETDESK_DATA=" + filepath.Join(d.data, "desk"),
		"MEETDESK_ISSUER=" + microsoft + "/6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10/v2.0", "MEETDESK_GRAPH_URL=" + microsoft, "MEETDESK_ALLOW_EMULATOR=1",
		"MEETDESK_TENANT_ID=6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10", "MEETDESK_CLIENT_ID=2b8f6d0a-51c7-4f0e-8a36-0d9c4e7b1f52", "MEETDESK_CLIENT_SECRET=the secret",
		"MEETDESK_SESSION_KEYS=" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef")),
		"MEETDESK_LIMITS=0", // rate limits could make an attack fail for the wrong reason
	}
	d.serve()
	t.Cleanup(d.stop)
	proxy.Config.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: d.addr})
		r.SetXForwarded()
		r.Out.Host = r.In.Host
	}, ModifyResponse: d.note, ErrorLog: log.New(io.Discard, "", 0)} // hides errors from requests that browsers cancel when they leave a page
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	return d
}

// serve starts the desk and waits until it listens.
func (d *secureDesk) serve() {
	d.t.Helper()
	d.launch(listeningOn, append(d.settings, "MEETDESK_ADDR="+d.addr), "meetdesk", "serve")
}

// killAndServe kills the desk and starts it again. The emulator keeps running.
func (d *secureDesk) killAndServe() {
	d.t.Helper()
	d.kill()
	d.serve()
}

func (d *secureDesk) kill() {
	d.t.Helper()
	if err := d.command.Process.Kill(); err != nil {
		d.t.Fatal(err)
	}
	_ = d.command.Wait() // the process was killed
}

// control calls the emulator's control API. Unless v is nil, it decodes the response into
// v.
func (d *secureDesk) control(method, path, body string, v any) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, "http://"+d.emulator+"/emulator/control/"+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		d.t.Fatalf("%s %s: %s %s", method, path, answer.Status, said)
	}
	if err == nil && v != nil {
		err = json.Unmarshal(said, v)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *secureDesk) note(r *http.Response) error {
	_, err := r.Request.Cookie("__Host-meetdesk")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, seenRequest{
		method: r.Request.Method, path: r.Request.URL.RequestURI(), status: r.StatusCode,
		site: r.Request.Header.Get("Sec-Fetch-Site"), session: err == nil,
	})
	return nil
}

// take returns the requests recorded since the previous call, except those sent by the
// desk's own pages.
func (d *secureDesk) take() (foreign []seenRequest) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.seen {
		if r.site != "same-origin" {
			foreign = append(foreign, r)
		}
	}
	d.seen = nil
	return foreign
}
