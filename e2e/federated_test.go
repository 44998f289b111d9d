package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
)

// federation is a proxy for the browser. It redirects sign-ins and sign-outs through a
// third host, as Entra does for a federated tenant. No content security policy names that
// host.
type federation struct {
	provider string // host and port
	desk     string
	pass     httputil.ReverseProxy

	mu      sync.Mutex
	been    map[string]bool // URLs that have already been redirected through the third host
	detours []string        // the last path segments of these URLs, in the order of the redirects
}

// thirdHost is the host to which the proxy redirects sign-ins and sign-outs. The proxy
// itself answers requests to this host.
const thirdHost = "127.0.0.2:8088"

func openFederatedBrowser(t *testing.T, d *desk) (*browser, *federation) {
	t.Helper()
	f := &federation{provider: d.emulator, desk: strings.TrimPrefix(d.url, "http://"), been: make(map[string]bool), pass: httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}}
	proxy := httptest.NewServer(f)
	t.Cleanup(proxy.Close)
	b := openBrowser(t, d, func(p *target.CreateBrowserContextParams) {
		p.ProxyServer, p.ProxyBypassList = proxy.URL, "<-loopback>"
	})
	t.Cleanup(proxy.CloseClientConnections)
	return b, f
}

func (f *federation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Host == thirdHost:
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	case r.URL.Host == f.provider && r.Method == http.MethodGet && f.detour(r.URL):
		http.Redirect(w, r, "http://"+thirdHost+"/adfs?"+url.Values{"to": {r.URL.String()}}.Encode(), http.StatusFound)
	case r.URL.Host == f.provider, r.URL.Host == f.desk:
		f.pass.ServeHTTP(w, r)
	default: // Chromium's background requests
		http.Error(w, "no way out", http.StatusBadGateway)
	}
}

// detour reports whether to redirect a request to u through the third host, and records
// the redirect. Each sign-in and sign-out is redirected only once.
func (f *federation) detour(u *url.URL) bool {
	if !strings.HasSuffix(u.Path, "/authorize") && !strings.HasSuffix(u.Path, "/logout") {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.been[u.String()] {
		return false
	}
	f.been[u.String()] = true
	f.detours = append(f.detours, u.Path[strings.LastIndex(u.Path, "/")+1:])
	return true
}

func (f *federation) want(t *testing.T, detours string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if got := strings.Join(f.detours, " "); got != detours {
		t.Errorf("the requests redirected through the third host are %q, want %q", got, detours)
	}
	f.detours = nil
}

// TestFormsWithAFederatedProvider checks forms whose responses redirect to the provider.
// Chromium silently blocks such a redirect if form-action does not allow its host.
func TestFormsWithAFederatedProvider(t *testing.T) {
	t.Parallel()
	b, f := openFederatedBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	f.want(t, "authorize")

	b.fill("INC0012777", "Typed before lunch", "10:00", "10:30")
	b.loseSession()
	b.followTo("Create meeting", http.StatusUnauthorized)
	b.sees("You are signed out", "nothing was done")
	b.follow("Sign in again")
	b.waitFor("Pick an account")
	b.follow("Priya Nair")
	b.sees("This was not sent")
	b.follow("Create meeting")
	b.sees("Created", "INC0012777", "Typed before lunch")
	f.want(t, "authorize")

	for _, button := range []string{"Refresh", "Dark"} {
		b.loseSession()
		b.followTo(button, http.StatusUnauthorized)
		b.follow("Sign in again")
		b.waitFor("Pick an account")
		b.follow("Priya Nair")
		b.sees("Typed before lunch")
	}
	f.want(t, "authorize authorize")

	b.open("/", 200)
	b.loseSession()
	b.write("Find a meeting", "INC0012777")
	b.followTo("Find", http.StatusUnauthorized)
	b.waitFor("Pick an account")
	b.follow("Priya Nair")
	b.sees("Typed before lunch")
	f.want(t, "authorize")

	b.signOut("Sign out")
	f.want(t, "logout")
	b.signIn("Dana Whitfield")
	f.want(t, "authorize")
	b.loseSession()
	b.signOut("Sign out")
	f.want(t, "logout")
}

// loseSession deletes all of the browser's cookies, which signs the person out.
func (b *browser) loseSession() {
	b.t.Helper()
	call(b, network.ClearBrowserCookies, cdp.Empty{})
}
