package web_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/auth"
	"meetdesk/desk"
	"meetdesk/emulator"
	"meetdesk/graph"
	"meetdesk/meeting"
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

const createRoute = "POST /me/onlineMeetings/createOrGet"

// site is the whole application over HTTP: a database file of its own, and the
// emulator at the far end of the wire.
type site struct {
	t         *testing.T
	url       string
	microsoft string // where the emulator is
	graph     *emulator.Emulator
	store     *store.Store
	server    *web.Server
	desk      *desk.Desk
	ahead     atomic.Int64 // how far the clock is set ahead
	redeemed  atomic.Int64 // requests to the token endpoint
	handler   atomic.Pointer[http.Handler]
	dataDir   string
	logged    *lockedBuffer
	settings  siteSettings
	edited    bool // the database was written behind the store's back
}

type siteSettings struct {
	people   []emulator.Person
	budget   time.Duration
	public   string // the public address, if another than where it listens
	switches emulator.Switches
	scopes   []string // beside the usual ones
	beta     bool
	forWhom  []string // application mode, for these organizers
	policy   []string // whom the access policy lets the application act for
	ticket   meeting.TicketRule
	samples  bool
	proxy    func(t *testing.T, upstream string) (public string) // in front of the site
}

type siteOption func(*siteSettings)

func withPeople(more ...emulator.Person) siteOption {
	return func(s *siteSettings) { s.people = append(englishCast(), more...) }
}

// englishCast is the five of the demo, of whom the provider says no language:
// the tests read English.
func englishCast() []emulator.Person {
	cast := emulator.Cast()
	for i := range cast {
		cast[i].Language = ""
	}
	return cast
}

// withTheirLanguages is the demo's cast as it is: Tomás prefers Portuguese.
func withTheirLanguages(s *siteSettings) { s.people = emulator.Cast() }

func withBudget(d time.Duration) siteOption { return func(s *siteSettings) { s.budget = d } }

func withPublic(url string) siteOption { return func(s *siteSettings) { s.public = url } }

func withSwitches(w emulator.Switches) siteOption { return func(s *siteSettings) { s.switches = w } }

func withScopes(scopes ...string) siteOption { return func(s *siteSettings) { s.scopes = scopes } }

func withBeta(s *siteSettings) { s.beta = true }

// withOrganizers turns application mode on; the access policy covers them all.
func withOrganizers(names ...string) siteOption {
	return func(s *siteSettings) { s.forWhom, s.policy = names, []string{emulator.Everyone} }
}

func withoutPolicy(s *siteSettings) { s.policy = nil }

func withTicket(pattern, hint, url string) siteOption {
	return func(s *siteSettings) {
		s.ticket = meeting.TicketRule{Pattern: regexp.MustCompile(pattern), Hint: hint, URL: url}
	}
}

func (s *site) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// late serves whatever handler is set by then: both sides need to know the
// other's address before they are made.
type late struct{ handler *atomic.Pointer[http.Handler] }

func (l late) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*l.handler.Load()).ServeHTTP(w, r) }

func newSite(t *testing.T, options ...siteOption) *site {
	t.Helper()
	s := &site{t: t, dataDir: t.TempDir(), logged: new(lockedBuffer), settings: siteSettings{budget: 3 * time.Second, people: englishCast()}}
	for _, o := range options {
		o(&s.settings)
	}
	emptyDatabase(t, s.dataDir)
	front := httptest.NewServer(late{&s.handler})
	t.Cleanup(front.Close)
	s.url = strings.Replace(front.URL, "127.0.0.1", "localhost", 1)
	if s.settings.proxy != nil {
		s.url = s.settings.proxy(t, front.URL)
	}

	var microsoft atomic.Pointer[http.Handler]
	far := httptest.NewServer(late{&microsoft})
	t.Cleanup(far.Close)
	var err error
	s.graph, err = emulator.New(emulator.Options{
		URL: far.URL, ClientSecret: "secret", People: s.settings.people, Now: s.now, Key: signingKey(t), Switches: s.settings.switches,
		AppClientID: emulator.DefaultAppClientID, AppClientSecret: "app secret", AccessPolicy: s.settings.policy,
		RedirectURIs:           []string{s.url + "/auth/callback"},
		PostLogoutRedirectURIs: []string{s.url + "/auth/signed-out"},
		FrontChannelLogoutURI:  s.url + "/auth/frontchannel-logout",
	})
	if err != nil {
		t.Fatal(err)
	}
	var em http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			s.redeemed.Add(1)
		}
		s.graph.ServeHTTP(w, r)
	})
	microsoft.Store(&em)
	s.microsoft = far.URL
	s.open(far.URL)
	t.Cleanup(func() {
		s.store.Close()
		if !s.edited {
			wantIndexed(t, s.dataDir)
		}
	})
	return s
}

// open wires the application on the site's data folder, as cmd/meetdesk does.
func (s *site) open(microsoft string) {
	t := s.t
	t.Helper()
	keys := [][]byte{[]byte("0123456789abcdef0123456789abcdef")}
	log := slog.New(slog.NewTextHandler(s.logged, nil))
	var err error
	if s.store, err = store.Open(context.Background(), store.Options{Dir: s.dataDir, Keys: keys, Now: s.now}); err != nil {
		t.Fatal(err)
	}
	provider := auth.New(auth.Config{
		Issuer: s.graph.Issuer(), ClientID: emulator.DefaultClientID, ClientSecret: "secret", TenantID: emulator.DefaultTenant,
		RedirectURL: s.url + "/auth/callback", AllowEmulator: true, Now: s.now,
		Scopes:    append([]string{"openid", "profile", "email", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"}, s.settings.scopes...),
		RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin",
	})
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	public := s.settings.public
	if public == "" {
		public = s.url
	}
	s.desk = &desk.Desk{
		Store: s.store, Auth: provider, Now: s.now, Log: log, Budget: s.settings.budget,
		Graph: &graph.Client{BaseURL: microsoft + "/v1.0", Now: s.now, Pause: time.Millisecond},
	}
	if s.settings.beta {
		s.desk.Graph.BetaURL = microsoft + "/beta"
	}
	if s.settings.forWhom != nil {
		s.desk.App = &desk.Application{
			Auth:     provider.Application(emulator.DefaultAppClientID, "app secret", "https://graph.microsoft.com/.default"),
			TenantID: emulator.DefaultTenant, Organizers: s.settings.forWhom,
		}
		s.desk.ResolveOrganizers(context.Background())
	}
	config := web.Config{
		Desk: s.desk, Store: s.store, Auth: provider, Static: files, Locale: catalogue(t),
		URL: mustURL(t, public), Issuer: mustURL(t, s.graph.Issuer()), Ticket: s.settings.ticket, Keys: keys, Now: s.now, Log: log,
	}
	if s.settings.samples {
		config.Samples = samplePages(catalogue(t), files)
	}
	s.server, err = web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	var h http.Handler = s.server
	s.handler.Store(&h)
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// browser is somebody's browser. Its zero person is nobody.
type browser struct {
	*site
	client *http.Client
}

// browser returns a new one, with nobody signed in. Whatever host the site
// calls itself, its connections go to this machine.
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
	transport := &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // a proxy's is self-signed
	s.t.Cleanup(transport.CloseIdleConnections)
	return &browser{site: s, client: &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}}
}

// signIn returns a browser in which the person is signed in.
func (s *site) signIn(upn string) *browser {
	s.t.Helper()
	b := s.browser()
	p := b.get("/auth/login?login_hint=" + url.QueryEscape(upn))
	if p.url.Path != "/" {
		s.t.Fatalf("sign-in of %s ended at %s, status %d:\n%s", upn, p.url, p.status, p.text())
	}
	return b
}

// page is what a request led to, redirects followed.
type page struct {
	t      *testing.T
	status int
	url    *url.URL
	header http.Header
	body   string
	doc    *goquery.Document
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) *page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.site.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
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

// text is what a person reads on the page, long lists to choose from apart.
func (p *page) text() string {
	body := p.doc.Find("body").Clone()
	body.Find("option:not([selected])").Remove()
	return strings.Join(strings.Fields(body.Text()), " ")
}

// want fails the test unless the page has the status and reads all the texts.
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

// form is a good meeting form for tomorrow at ten, with changes: name, value, …
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
