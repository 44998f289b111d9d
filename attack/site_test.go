package attack_test

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/locale"
	"meetdesk/static"
	"meetdesk/store"
	"meetdesk/web"
)

const (
	priya = "priya@contoso.example"
	tomas = "tomas@contoso.example"
	dana  = "dana@contoso.example"

	tomasID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02"
)

type site struct {
	*desktest.Desk
	t    *testing.T
	url  string
	last atomic.Pointer[desktest.Tamper] // how the attack changes Microsoft's responses

	mu      sync.Mutex
	secrets []string // values that must not leak, such as the provider's tokens
	pages   []*page  // all responses from the desk
}

var loadCatalogue = sync.OnceValues(locale.Load)

// newSite starts a desk without TLS. It has the same limits as in production, except for
// its longer timeouts.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, secrets: []string{string(desktest.Keys[0])}}
	front := httptest.NewUnstartedServer(nil)
	s.url = "http://localhost:" + port(front.Listener.Addr().String())
	s.Desk = desktest.New(t, func(settings *desktest.Settings) {
		settings.URL = s.url
		settings.Scopes = []string{"User.ReadBasic.All"}
		settings.Budget = time.Minute // so that a slow machine does not change the outcome
	})
	tamper := desktest.Tamper(s.microsoft)
	s.Tamper.Store(&tamper)
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{
		Desk: s.Desk.Desk, Store: s.Store, Auth: s.Auth, Static: files, Locale: texts, URL: parse(t, s.url), Issuer: parse(t, s.Emulator.Issuer()),
		Keys: desktest.Keys, Now: s.Clock, Log: s.Desk.Desk.Log, Patience: time.Minute,
	}
	server, err := web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	front.Config.Handler = server
	front.Start()
	t.Cleanup(func() { front.Close(); server.Wait() })
	return s
}

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// microsoft handles the requests to Microsoft. It adds issued tokens to s.secrets.
func (s *site) microsoft(w http.ResponseWriter, r *http.Request, emulator http.Handler) {
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isTokenRequest(r) {
			emulator.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		emulator.ServeHTTP(answer, r)
		s.remember(answer.Body.Bytes())
		copyResponse(w, answer)
	})
	if tamper := s.last.Load(); tamper != nil {
		(*tamper)(w, r, next)
		return
	}
	next.ServeHTTP(w, r)
}

// tamper makes the given handler answer all later requests to Microsoft. If the handler
// returns false, the emulator responds instead.
func (s *site) tamper(answer func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool) {
	f := desktest.Tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) {
		if !answer(w, r, emulator) {
			emulator.ServeHTTP(w, r)
		}
	})
	s.last.Store(&f)
}

func copyResponse(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

func isTokenRequest(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/token") }

type browser struct {
	*site
	client *http.Client
}

func (s *site) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{site: s, client: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: witness{s}}}
}

// still returns a browser that shares b's cookies but does not follow redirects.
func (b *browser) still() *browser {
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{site: b.site, client: &client}
}

func (s *site) signIn(upn string) *browser {
	s.t.Helper()
	b := s.browser()
	if p := b.get("/auth/login?login_hint=" + url.QueryEscape(upn)); p.url.Path != "/" || p.status != 200 {
		s.t.Fatalf("sign-in of %s led to %s with status %d", upn, p.url, p.status)
	}
	return b
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

// post sends a form as one of the desk's own pages would.
func (b *browser) post(path string, form url.Values) *page {
	b.t.Helper()
	r := b.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// ask sends a form as a script on one of the desk's pages would. The query string of
// address becomes the request body.
func (b *browser) ask(address string) *page {
	b.t.Helper()
	path, sent, _ := strings.Cut(address, "?")
	r := b.request(http.MethodPost, path, strings.NewReader(sent))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	p := b.do(r)
	if p.status == http.StatusNotFound || p.status == http.StatusMethodNotAllowed {
		b.t.Errorf("%s is not for scripts: status %d", path, p.status)
	}
	return p
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.url + path
	}
	r, err := http.NewRequest(method, path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *browser) do(r *http.Request) *page {
	b.t.Helper()
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return readPage(b.t, resp)
}

// form returns a valid form for a new meeting. The name-value pairs in changes override its
// values.
func (s *site) form(changes ...string) url.Values {
	f := url.Values{
		"external_id": {"INC0012345"}, "subject": {"Printer on fire"}, "date": {s.Clock().UTC().AddDate(0, 0, 1).Format(time.DateOnly)},
		"start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}, "attendees": {"Dana Whitfield <dana@contoso.example>"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

func (s *site) column(query string) (text string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, store.FileName))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), query).Scan(&text); err != nil {
		s.t.Fatal(err)
	}
	return text
}

// file returns the contents of the database and of its write-ahead log.
func (s *site) file() (all string) {
	s.t.Helper()
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		content, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil && !os.IsNotExist(err) {
			s.t.Fatal(err)
		}
		all += string(content)
	}
	return all
}
