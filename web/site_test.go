package web_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/selfcheck"
	"meetdesk/static"
	"meetdesk/store"
	"meetdesk/web"
)

const (
	priya = "priya@contoso.example"
	tomas = "tomas@contoso.example"
	dana  = "dana@contoso.example"
	alex  = "alex@contoso.example"
	sam   = "sam@contoso.example"
)

const createRoute = desktest.CreateRoute

// site is the whole application, served over HTTP, with the desk and the emulator from
// package desktest.
type site struct {
	*desktest.Desk
	t       testing.TB
	url     string
	graph   *emulator.Emulator
	store   *store.Store // store and desk are replaced when the site is reopened
	desk    *desk.Desk
	server  *web.Server
	handler atomic.Pointer[http.Handler]
	site    siteSettings
}

type siteSettings struct {
	desktest.Settings
	public   string // the site's public URL, if it differs from the address on which the site listens
	ticket   meeting.TicketRule
	samples  bool
	limits   []web.Limit // NoLimits by default
	trusted  []netip.Prefix
	stall    time.Duration
	check    func(context.Context) []selfcheck.Line
	asked    []string                                            // the scopes that a sign-in requests, for the administrators' check
	idle     time.Duration                                       // how long a session may be idle; 0 for the default
	requests int                                                 // the maximum number of concurrent requests; 0 for the default
	proxy    func(t testing.TB, upstream string) (public string) // starts a proxy in front of the site
}

type siteOption func(*siteSettings)

func withPeople(extra ...emulator.Person) siteOption {
	return func(s *siteSettings) { s.People = append(desktest.EnglishCast(), extra...) }
}

// withTheirLanguages uses the demo's users, of whom Tomás prefers Portuguese.
func withTheirLanguages(s *siteSettings) { s.People = emulator.Cast() }

func withBudget(d time.Duration) siteOption { return func(s *siteSettings) { s.Budget = d } }

func withPublic(url string) siteOption { return func(s *siteSettings) { s.public = url } }

// withWindow sets the period to which Switches.MaxPerSecond applies.
func withWindow(d time.Duration) siteOption { return func(s *siteSettings) { s.Window = d } }

func withSwitches(w emulator.Switches) siteOption { return func(s *siteSettings) { s.Switches = w } }

func withScopes(scopes ...string) siteOption { return func(s *siteSettings) { s.Scopes = scopes } }

func withBeta(s *siteSettings) { s.Beta = true }

// withOrganizers enables application mode with an access policy that covers all users.
func withOrganizers(names ...string) siteOption {
	return func(s *siteSettings) { s.Organizers, s.Policy = names, []string{emulator.Everyone} }
}

func withLimits(s *siteSettings) { s.limits = web.DefaultLimits() }

// withLimit enables only the per-user rate of the web.Limit with the given name. After the
// burst, the next request is allowed an hour later, so a slow machine does not affect the
// test.
func withLimit(name string, burst int) siteOption {
	return func(s *siteSettings) {
		s.limits = web.NoLimits()
		for i, l := range s.limits {
			if l.Name == name {
				s.limits[i].Person = web.Rate{Burst: burst, Every: time.Hour}
			}
		}
	}
}

func withoutPolicy(s *siteSettings) { s.Policy = nil }

func withTicket(pattern, hint, url string) siteOption {
	return func(s *siteSettings) {
		s.ticket = meeting.TicketRule{Pattern: regexp.MustCompile(pattern), Hint: hint, URL: url}
	}
}

func (s *site) now() time.Time { return s.Clock() }

// lateHandler passes requests to a handler that is set later, because the handler needs the
// site's address.
type lateHandler struct{ handler *atomic.Pointer[http.Handler] }

func (l lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*l.handler.Load()).ServeHTTP(w, r)
}

func newSite(t testing.TB, options ...siteOption) *site {
	t.Helper()
	s := &site{t: t}
	front := httptest.NewServer(lateHandler{&s.handler})
	t.Cleanup(front.Close)
	s.url = strings.Replace(front.URL, "127.0.0.1", "localhost", 1)
	s.Desk = desktest.New(t, func(settings *desktest.Settings) {
		s.site.Settings = *settings
		for _, o := range options {
			o(&s.site)
		}
		if s.site.proxy != nil {
			s.url = s.site.proxy(t, front.URL)
		}
		s.site.URL = s.url
		*settings = s.site.Settings
	})
	s.serve()
	return s
}

// reopen restarts the application after the test has closed its store.
func (s *site) reopen() {
	s.t.Helper()
	s.Open()
	s.serve()
}

// serve configures the server as cmd/meetdesk does and starts it.
func (s *site) serve() {
	t := s.t
	t.Helper()
	s.graph, s.store, s.desk = s.Emulator, s.Store, s.Desk.Desk
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	public := s.site.public
	if public == "" {
		public = s.url
	}
	config := web.Config{
		Desk: s.desk, Store: s.store, Auth: s.desk.Auth, Static: files, Locale: catalogue(t),
		URL: mustURL(t, public), Issuer: mustURL(t, s.graph.Issuer()), Ticket: s.site.ticket, Keys: desktest.Keys, Now: s.now, Log: s.desk.Log,
		SelfCheck: s.site.check, Scopes: s.site.asked,
		Patience: time.Minute, // so that responses do not depend on the machine's speed
		Limits:   s.site.limits, TrustedProxies: s.site.trusted, SessionIdle: s.site.idle, StallLimit: s.site.stall, MaxRequests: s.site.requests,
	}
	if config.Limits == nil {
		config.Limits = web.NoLimits()
	}
	if s.site.samples {
		config.Samples = samplePages(catalogue(t), files)
	}
	s.server, err = web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.server.Wait)
	var h http.Handler = s.server
	s.handler.Store(&h)
}

func mustURL(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// browser simulates the browser of one user, who may or may not be signed in.
type browser struct {
	*site
	client *http.Client
}

// browser returns a new browser without a session. It always connects to localhost,
// regardless of the host in the URL.
func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	transport := &http.Transport{
		DialContext:        dial,
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true}, // proxies in tests have self-signed certificates
		DisableCompression: true,                                  // uncompressed responses take a tenth of the time; send_test.go requests compressed ones itself
	}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &browser{site: s, client: &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}}
}

func (s *site) signIn(upn string) *browser {
	s.t.Helper()
	b := s.browser()
	p := b.get("/auth/login?login_hint=" + url.QueryEscape(upn))
	if p.url.Path != "/" {
		s.t.Fatalf("sign-in of %s led to %s with status %d:\n%s", upn, p.url, p.status, p.text())
	}
	return b
}

// page is the response to a request, after any redirects.
type page struct {
	t      testing.TB
	status int
	url    *url.URL
	header http.Header
	body   string
	doc    *goquery.Document
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) *page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// press presses the first button with the given text. The button must be the only one in its
// form.
func (b *browser) press(p *page, text string) *page {
	b.t.Helper()
	form := p.doc.Find(`main form:contains("` + text + `")`).First()
	if form.Length() == 0 {
		b.t.Fatalf("%s has no button %q:\n%s", p.url, text, p.text())
	}
	return b.post(form.AttrOr("action", ""), formFields(form))
}

// ask sends the request that a page's script would send: a POST to the path of the address,
// with the query as a form. It opens the address as a page if no script uses the path.
func (b *browser) ask(address string) *page {
	b.t.Helper()
	path, query, _ := strings.Cut(address, "?")
	if !slices.Contains([]string{"/people", "/meetings/new/guard", "/meetings/new/summary", "/meetings/new/preset"}, path) {
		return b.get(address)
	}
	r, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(query))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	return b.do(r)
}

func (b *browser) do(r *http.Request) *page {
	b.t.Helper()
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &page{t: b.t, status: resp.StatusCode, url: resp.Request.URL, header: resp.Header, body: string(body)}
	if p.doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.body)); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// text returns the text of the page without unselected options.
func (p *page) text() string {
	body := p.doc.Find("body").Clone()
	body.Find("option:not([selected])").Remove()
	return strings.Join(strings.Fields(body.Text()), " ")
}

// want fails the test unless the page has the given status and contains all of the given
// strings.
func (p *page) want(status int, texts ...string) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d:\n%s", p.url, p.status, status, p.text())
	}
	for _, text := range texts {
		if !strings.Contains(p.text(), text) {
			p.t.Fatalf("%s: want %q in:\n%s", p.url, text, p.text())
		}
	}
	return p
}

// form returns a valid meeting form for tomorrow at ten. The changes are alternating field
// names and values.
func (s *site) form(changes ...string) url.Values {
	tomorrow := s.now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	f := url.Values{
		"external_id": {"INC0012345"}, "subject": {"Printer on fire"}, "date": {tomorrow}, "start": {"10:00"}, "end": {"10:30"},
		"time_zone": {"Europe/Lisbon"}, "attendees": {"Dana Whitfield <dana@contoso.example>"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}
