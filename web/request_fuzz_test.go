package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// leaks matches text that must not appear on any page, such as a missing translation, a
// database or Go error, or a token.
var leaks = regexp.MustCompile(`⟦|TemplFailedSanitization|ZgotmplZ|sql: |SQLITE_|\.go:\d|%!\w\(|runtime error|eyJ[A-Za-z0-9_-]{20}`)

// FuzzRequest sends arbitrary requests to the whole application. No response may be a
// server error other than 501, and only the sign-in may redirect to another site. Every
// page must have a content security policy and must not contain text that matches leaks.
func FuzzRequest(f *testing.F) {
	for _, request := range [][3]string{
		{"GET", "/", ""}, {"GET", "/history?q=INC0012345&whose=all&state=failed&sort=start&from=2026-01-01&before=1.2", ""}, {"GET", "/history.csv?q=a", ""}, {"GET", "/t/INC0012345", ""}, {"GET", "/t/%2e%2e%2fadmin", ""},
		{"GET", "/meetings/new?start=2026-12-01T09:00:00Z&attendee=a@b.example", ""}, {"GET", "/meetings/1?done=7", ""}, {"POST", "/people", "q=tom"}, {"GET", "/auth/login?return_to=//evil.example&claims={}", ""}, {"GET", "/auth/callback?state=x&code=y&error=z", ""},
		{"POST", "/meetings", "external_id=INC1&time_zone=UTC&date=2026-12-01&start=10:00&duration=30"}, {"POST", "/meetings/1/note", "note_text=%00"}, {"POST", "/meetings/new/guard", "external_id=INC1"}, {"POST", "/preferences", "language=pt-BR&return_to=/history"},
		{"POST", "/meetings/adopt", "join_url=https://teams.microsoft.com/meet/1?p=a"}, {"POST", "/admin/presets", "name=x"}, {"HEAD", "/history.xlsx", ""}, {"OPTIONS", "*", ""}, {"POST", "/meetings", "external_id=%zz"}, {"GET", "/static/app.js", ""}, {"DELETE", "/meetings/1", ""},
	} {
		f.Add(request[0], request[1], request[2], "Accept-Language", "pt-BR,*;q=0.1")
		f.Add(request[0], request[1], request[2], "Cookie", "meetdesk=x")
	}
	f.Add("POST", "/meetings", "external_id=INC1", "Content-Type", "application/x-www-form-urlencoded; charset=\"")
	f.Add("POST", "/meetings", "external_id=INC1", "Sec-Fetch-Site", "cross-site")
	for _, target := range []string{
		"/admin/audit?who=1&action=refused&meeting=INC1&from=2026-01-01&to=2026-02-30&before=1.2", "/admin/audit.csv?action=x&from=%00", "/admin/audit.jsonl?person=-1&oldest=1",
		"/admin/people?q=%25&before=9999999999999999999", "/admin/people/1?before=x", "/admin/people/1/records", "/admin/imports?before=1&state=running", "/admin/retention?meetings_before=2026-13-01", "/admin/presets/1",
	} {
		f.Add("GET", target, "", "Accept-Language", "pt-BR")
	}
	for target, body := range map[string]string{
		"/admin/audit": "who=priya&meeting=INC1&from=2026-01-01", "/admin/retention/person": "who=%ff", "/admin/retention/rule": "rule_meetings=1e9&rule_audit=-1",
		"/admin/retention/purge": "meetings_before=x", "/admin/retention/erase": "address=a%00&confirm=a", "/admin/people/1/sign-out": "session=all",
	} {
		f.Add("POST", target, body, "Accept-Language", "en")
	}
	s := newSite(f)
	session, admin := s.signIn(dana).client.Jar.Cookies(mustURL(f, s.url)), s.signIn(alex).client.Jar.Cookies(mustURL(f, s.url))
	s.signIn(priya).post("/meetings", s.form()).want(200)
	f.Fuzz(func(t *testing.T, method, target, body, name, value string) {
		if target == "" || len(method) > 20 {
			return
		}
		u, err := url.Parse(s.url)
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(target, "?")
		if u.Path, err = url.PathUnescape(path); err != nil || !strings.HasPrefix(u.Path, "/") {
			return
		}
		u.RawPath, u.RawQuery = path, query
		for _, cookies := range [][]*http.Cookie{nil, session, admin} {
			r, err := http.NewRequest(method, u.String(), strings.NewReader(body))
			if err != nil {
				return // the server would refuse such a request
			}
			r.RemoteAddr, r.RequestURI = "127.0.0.1:1", u.RequestURI()
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if token := regexp.MustCompile(`^[A-Za-z-]{1,40}$`); token.MatchString(name) && !strings.ContainsFunc(value, unicode.IsControl) {
				r.Header.Set(name, value)
			}
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := recorder{httptest.NewRecorder()}
			s.server.ServeHTTP(w, r)
			checkFuzzed(t, w.Result(), w.Body.String(), method+" "+target)
		}
	})
}

// recorder is a ResponseRecorder that accepts the deadlines that some handlers set.
type recorder struct{ *httptest.ResponseRecorder }

func (recorder) SetReadDeadline(time.Time) error  { return nil }
func (recorder) SetWriteDeadline(time.Time) error { return nil }

func checkFuzzed(t *testing.T, resp *http.Response, body, request string) {
	t.Helper()
	if resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented {
		t.Errorf("%q: status %d with\n%s", request, resp.StatusCode, body)
	}
	for name, values := range resp.Header {
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) }) {
			t.Errorf("%q: %s is %q", request, name, values)
		}
	}
	if to, err := resp.Location(); err == nil && resp.StatusCode < 400 && to.Host != "" && !strings.HasPrefix(request, "GET /auth/") && !strings.HasPrefix(request, "POST /auth/") && !strings.HasPrefix(to.Path, "/auth/") {
		t.Errorf("%q leads to %v", request, to)
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if resp.Header.Get("Content-Encoding") == "" && (!utf8.ValidString(body) || strings.ContainsRune(body, 0)) {
			t.Errorf("%q: the page is not text", request)
		}
		if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%q: no content security policy", request)
		}
		if leak := leaks.FindString(body); leak != "" && !strings.Contains(request, leak[:1]) {
			t.Errorf("%q: the page has %q:\n%s", request, leak, body)
		}
	}
}

// FuzzMultipart sends multipart forms with arbitrary bodies, for example to upload tables.
// The responses must meet the same conditions as in FuzzRequest.
func FuzzMultipart(f *testing.F) {
	const start, end = "--b\r\nContent-Disposition: form-data; name=", "\r\n--b--\r\n"
	for _, body := range []string{
		start + `"file"; filename="a.csv"` + "\r\nContent-Type: text/csv\r\n\r\nTicket,Date\r\nINC1,2031-05-05" + end,
		start + `"file"; filename="a.xlsx"` + "\r\n\r\nPK\x03\x04" + end, start + `"rows"` + "\r\n\r\nTicket\nINC1" + end,
		start + `"file"; filename="../\x00` + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + end, start + `"file"; filename*=UTF-8''%zz` + "\r\n\r\nx" + end,
		start + `"signed_in_as"` + "\r\n\r\n1.x" + end, start + "x\r\n\r\n", "--b--", "", "--b\r\n\r\n--b\r\n\r\n--b--",
	} {
		f.Add("/imports", "multipart/form-data; boundary=b", body)
	}
	f.Add("/preferences", "multipart/form-data; boundary=b", start+`"language"`+"\r\n\r\npt-BR"+end)
	f.Add("/imports", "multipart/form-data", "--b--")
	f.Add("/imports", "multipart/mixed; boundary=\"", "--b--")
	s := newSite(f)
	session := s.signIn(priya).client.Jar.Cookies(mustURL(f, s.url))
	f.Fuzz(func(t *testing.T, path, contentType, body string) {
		if path != "/imports" && path != "/preferences" && path != "/meetings" || strings.ContainsFunc(contentType, unicode.IsControl) {
			return
		}
		r := httptest.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Content-Type", contentType)
		for _, c := range session {
			r.AddCookie(c)
		}
		w := recorder{httptest.NewRecorder()}
		s.server.ServeHTTP(w, r)
		checkFuzzed(t, w.Result(), w.Body.String(), "POST "+path)
	})
}
