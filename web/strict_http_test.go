package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// A request is refused if a proxy and the desk could disagree about where it ends. A
// request with both Content-Length and Transfer-Encoding may be accepted, because
// Transfer-Encoding takes precedence (RFC 9112, section 6.3).
func TestRequestsCannotBeSmuggled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	host := mustURL(t, s.url).Host
	for name, tt := range map[string]struct {
		headers, body string
		statuses      string
	}{
		"two lengths":                  {"Content-Length: 0\r\nContent-Length: 5\r\n", "", "400"},
		"length in a list":             {"Content-Length: 0, 5\r\n", "", "400"},
		"negative length":              {"Content-Length: -1\r\n", "", "400"},
		"length with a sign":           {"Content-Length: +0\r\n", "", "400"},
		"unknown transfer encoding":    {"Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", "501"},
		"two transfer encodings":       {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n", "400 501"},
		"space before the colon":       {"Transfer-Encoding : chunked\r\n", "0\r\n\r\n", "400"},
		"line break in a header":       {"X: a\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n", "400"},
		"NUL in a header":              {"X: a\x00b\r\n", "", "400"},
		"chunk size that is no number": {"Transfer-Encoding: chunked\r\n", "0x\r\n\r\n", "400 401 415"},
		"both headers":                 {"Content-Length: 60\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", "401 400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			_, _ = io.WriteString(conn, "POST /meetings HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\n"+tt.headers+"\r\n"+tt.body)
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if !strings.Contains(tt.statuses, resp.Status[:3]) {
				t.Errorf("status %s, want %s", resp.Status, tt.statuses)
			}
			if !resp.Close {
				t.Error("the connection stays open")
			}
		})
	}
}

// Every response with a body has a media type, and every text response declares UTF-8.
func TestEveryResponseNamesItsCharset(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.visitor(alex)
	b.post("/meetings", s.form()).want(303)
	for _, route := range s.server.Routes() {
		r := s.request(t, route.Pattern, [2]int64{1, 1})
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		visitor := b
		if strings.Contains(route.Pattern, "/auth/") { // a sign-out would end the session that the other routes need
			visitor = s.visitor("")
		}
		p := visitor.do(r)
		kind := strings.ToLower(p.header.Get("Content-Type"))
		isText := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "+xml") || strings.Contains(kind, "json")
		if p.body != "" && (kind == "" || isText && !strings.Contains(kind, "charset=utf-8")) {
			t.Errorf("%s: Content-Type is %q", route.Pattern, kind)
		}
	}
}

// The site serves no files other than the embedded static ones.
func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(alex)
	for _, path := range []string{
		"/.git/config", "/.env", "/go.mod", "/meetdesk.db", "/static/", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod", "/static/app.css",
		"/static/src/app.js", "/debug/pprof/", "/debug/vars", "/metrics", "/server-status", "/swagger", "/dev/pages", "/admin/", "/robots.txt",
	} {
		b.get(path).want(404)
	}
}

// The fields of a form are read only from the body of the request, not from its URL.
// Unknown fields are ignored.
func TestFormsReadOnlyTheirFields(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(priya)
	form := s.form()
	for name, value := range map[string]string{
		"id": "7", "organizer_id": "2", "actor": "2", "state": "removed", "graph_id": "x", "join_url": "https://evil.example/",
		"role": "admin", "user_id": "2", "mode": "application", "created_at": "0",
	} {
		form.Set(name, value)
	}
	form.Del("subject")
	form.Add("external_id", "INC-second-value")
	r, err := http.NewRequest(http.MethodPost, s.url+"/meetings?"+url.Values{"subject": {"From the address"}, "external_id": {"INC9"}}.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.do(r).want(303)
	m := newest(t, s, "INC0012345")
	if m.Subject != "" || m.Organizer.UPN != priya || m.ID != 1 || strings.Contains(m.JoinURL, "evil") || m.State != "live" {
		t.Errorf("recorded are subject %q, organizer %s, number %d, state %q and the link %s", m.Subject, m.Organizer.UPN, m.ID, m.State, m.JoinURL)
	}
	if role := readColumn(t, s, `SELECT role FROM users WHERE upn = '`+priya+`'`); role != "staff" {
		t.Errorf("the role is %q", role)
	}
}
