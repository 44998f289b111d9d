package attack_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// page is an HTTP response. If it is not HTML, doc is empty.
type page struct {
	status int
	url    *url.URL
	header http.Header
	body   string
	doc    *goquery.Document
}

func readPage(t *testing.T, resp *http.Response) *page {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{status: resp.StatusCode, url: resp.Request.URL, header: resp.Header, body: string(body)}
	if !p.isHTML() {
		body = nil
	}
	if p.doc, err = goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *page) isHTML() bool { return strings.HasPrefix(p.header.Get("Content-Type"), "text/html") }

// text returns the visible text of an HTML page, or the whole body of any other response.
func (p *page) text() string {
	if !p.isHTML() {
		return p.body
	}
	return strings.Join(strings.Fields(p.doc.Find("body").Text()), " ")
}

// witness is the HTTP transport of every browser. It stores each response from the desk,
// including redirects, for site.check to examine.
type witness struct{ *site }

func (w witness) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || resp.Request.URL.Host != parse(w.t, w.url).Host {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	p := readPage(w.t, &http.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(body)), Request: r})
	w.mu.Lock()
	w.pages = append(w.pages, p)
	w.mu.Unlock()
	return resp, nil
}

func (s *site) remember(body []byte) {
	var reply map[string]any
	if json.Unmarshal(body, &reply) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{"access_token", "refresh_token"} {
		if token, _ := reply[name].(string); token != "" {
			s.secrets = append(s.secrets, token)
		}
	}
}

// maxLog is the maximum size of the log after an attack, in bytes.
const maxLog = 64 << 10

// check compares the outcome of an attack with the expected outcome. It also looks for
// leaked secrets, hostile content and an excessively long log.
func (s *site) check(p *page, want outcome) {
	t := s.t
	t.Helper()
	if want.status == 0 && p.status >= 500 || want.status != 0 && p.status != want.status {
		t.Errorf("status %d, want %d:\n%.2000s", p.status, want.status, p.text())
	}
	if !strings.Contains(p.text(), want.page) {
		t.Errorf("want %q on the page:\n%.3000s", want.page, p.text())
	}
	if want.absent != "" && strings.Contains(p.body, want.absent) {
		t.Errorf("the page contains %q:\n%.3000s", want.absent, p.body)
	}
	log := s.Log.String()
	if !strings.Contains(log, want.log) {
		t.Errorf("want %q in the log:\n%.3000s", want.log, log)
	}
	if len(log) > maxLog {
		t.Errorf("the log has %d bytes", len(log))
	}
	s.checkAudit(want.audit)
	if got := s.column(`SELECT count(*) FROM sessions`); got != strconv.Itoa(want.sessions) {
		t.Errorf("%s sessions, want %d", got, want.sessions)
	}
	if got := len(s.Meetings()); got != want.meetings {
		t.Errorf("%d meetings in the history, want %d", got, want.meetings)
	}
	sent := 0
	for _, r := range s.Emulator.Requests() {
		if r.Method != http.MethodGet {
			sent++
		}
	}
	if sent != want.sent {
		t.Errorf("Graph was asked %d times to create or change something, want %d", sent, want.sent)
	}
	s.checkSecrets(log)
	for _, p := range s.pages {
		s.checkPage(p)
	}
}

// maxAudit is the maximum length of a line in the audit log, in bytes. A line may contain
// search text of up to 4,000 characters.
const maxAudit = 4500

// checkAudit checks that a line of the audit log contains want. It also checks that no line
// is too long or contains characters that change how the line is displayed.
func (s *site) checkAudit(want string) {
	s.t.Helper()
	lines := s.AuditLog()
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, want) }) && want != "" {
		s.t.Errorf("want %q in the audit log:\n%s", want, strings.Join(lines, "\n"))
	}
	for _, line := range lines {
		if len(line) > maxAudit || hostile.MatchString(line) {
			s.t.Errorf("the audit log has a line of %d bytes: %.300q", len(line), line)
		}
	}
}

func (s *site) checkSecrets(log string) {
	s.t.Helper()
	file := s.file()
	for _, secret := range s.secrets {
		if strings.Contains(log, secret) {
			s.t.Errorf("the log contains the secret %.20q", secret)
		}
		if strings.Contains(file, secret) {
			s.t.Errorf("the database contains the secret %.20q", secret)
		}
		for _, p := range s.pages {
			if strings.Contains(p.body, secret) || strings.Contains(headerText(p.header), secret) {
				s.t.Errorf("%s contains the secret %.20q", p.url, secret)
			}
		}
	}
}

func headerText(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)
	return b.String()
}

// typedText matches the values of form fields. Hostile characters are allowed there,
// because browsers isolate a field's text from the rest of the page.
var typedText = regexp.MustCompile(`value="[^"]*"|<textarea[^>]*>[^<]*</textarea>`)

// hostile matches characters that change how the text around them is displayed.
var hostile = regexp.MustCompile("[\x00\x07\x08\x1b\u202a-\u202e\u2066-\u2069]")

// checkPage checks the headers of a response. It also checks that hostile text neither
// runs as code nor changes the rest of the page.
func (s *site) checkPage(p *page) {
	t := s.t
	t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors ") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: Content-Security-Policy is %q", p.url, policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin"} {
		if p.header.Get(name) != want {
			t.Errorf("%s: %s is %q", p.url, name, p.header.Get(name))
		}
	}
	s.checkLocation(p)
	if !p.isHTML() {
		return
	}
	shown := typedText.ReplaceAllString(p.body, "")
	if at := hostile.FindStringIndex(shown); at != nil {
		t.Errorf("%s contains %q", p.url, shown[max(0, at[0]-60):min(len(shown), at[1]+60)])
	}
	p.doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			if isDangerous(a.Key, a.Val) {
				t.Errorf("%s: <%s %s=%q>", p.url, e.Nodes[0].Data, a.Key, a.Val)
			}
		}
	})
	if p.doc.Find("script:not([src]), iframe, object, embed, base, form[action*='://'], script[src*='://'], img[src*='://']").Length() != 0 {
		t.Errorf("%s has an element that no page of the desk has:\n%.2000s", p.url, p.body)
	}
}

// otherPlaces matches URLs with a forbidden scheme, such as javascript, and URLs without
// a scheme that lead to another host.
var otherPlaces = regexp.MustCompile(`^(javascript|data|vbscript|blob|file):|^//|^\\|^/\\`)

// isDangerous reports whether an attribute runs code or contains a URL that is not
// allowed. A mailto URL may set only the subject and the body.
func isDangerous(name, value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	switch name {
	case "style", "srcdoc":
		return true
	case "href", "src", "action", "formaction":
		_, query, isMail := strings.Cut(value, "?")
		if isMail = isMail && strings.HasPrefix(value, "mailto:"); isMail {
			fields, err := url.ParseQuery(query)
			delete(fields, "subject")
			delete(fields, "body")
			return err != nil || len(fields) != 0
		}
		return otherPlaces.MatchString(value)
	}
	return strings.HasPrefix(name, "on")
}

// checkLocation checks that the desk redirects only to itself or to the provider.
func (s *site) checkLocation(p *page) {
	s.t.Helper()
	to := p.header.Get("Location")
	if refresh, ok := strings.CutPrefix(p.doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""), "0; url="); ok {
		to = refresh
	}
	if to == "" {
		return
	}
	u, err := p.url.Parse(to)
	if err != nil || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		s.t.Errorf("%s redirects to %q", p.url, to)
	} else if origin := u.Scheme + "://" + u.Host; origin != s.url && origin != s.MicrosoftURL {
		s.t.Errorf("%s redirects to %s", p.url, to)
	}
}
