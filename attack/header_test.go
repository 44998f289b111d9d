package attack_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// requested is an attack with a hostile request from a browser without a session. The
// desk must not create a meeting or start a session.
func requested(name, attacker, does string, want outcome, method, path string, change func(r *http.Request)) attack {
	return attack{name: "header/" + name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		b := s.browser().still()
		r := b.request(method, path, nil)
		if change != nil {
			change(r)
		}
		return b.do(r)
	}}
}

func headerAttacks() []attack {
	own := outcome{status: 303, absent: "evil"}
	return []attack{
		requested("host-other", stranger, "names another host in the Host header, for the links and redirects of the page", own, "GET", "/history", func(r *http.Request) { r.Host = "evil.example" }),
		requested("host-in-sign-in", stranger, "names another host in the Host header, for the address to come back to", own, "GET", "/auth/login", func(r *http.Request) { r.Host = "evil.example" }),
		requested("forwarded-host", stranger, "names another host as a proxy does", own, "GET", "/auth/login", header("X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "gopher", "Forwarded", "host=evil.example")),
		requested("original-url", stranger, "names another path as a proxy does, to pass the access rules", outcome{status: 200, page: "signed out"}, "GET", "/auth/signed-out", header("X-Original-URL", "/admin/presets", "X-Rewrite-URL", "/admin/presets")),
		requested("identity-headers", stranger, "names a person and a role as a proxy that signs people in does", outcome{status: 303}, "GET", "/history", header("X-Remote-User", priya, "X-Forwarded-User", priya, "X-MS-CLIENT-PRINCIPAL-NAME", priya, "Authorization", "Bearer x")),
		requested("trace", stranger, "asks the server to echo the request", outcome{status: 405}, "TRACE", "/history", nil),
		requested("connect", stranger, "uses the desk as a proxy", outcome{status: 404}, "PROPFIND", "/nowhere", nil),
		requested("method-huge", stranger, "sends a method of 20 KB, which the log must not keep", outcome{status: 404}, strings.Repeat("A", 20_000), "/nowhere", nil),
		requested("path-huge", stranger, "sends a path of 60 KB, which the log must not keep", outcome{status: 404}, "GET", "/"+strings.Repeat("x", 60_000), nil),
		requested("path-log", stranger, "sends a path that adds a line to the log", outcome{status: 404}, "GET", "/x%0Atime=2026%20level=INFO%20msg=forged%20user=1", nil),
		requested("path-static", stranger, "leaves the folder of the static files", outcome{status: 404}, "GET", "/static/..%2f..%2fmeetdesk.db", nil),
		requested("path-static-dots", stranger, "leaves the folder of the static files with plain dots", outcome{}, "GET", "/static/../../../../etc/passwd", nil),
		requested("range-many", stranger, "asks for a thousand ranges of a static file", outcome{status: 404}, "GET", "/static/app.css", header("Range", "bytes="+strings.Repeat("0-1,", 999)+"0-1")),
		requested("language-huge", stranger, "sends 100 KB of languages", outcome{status: 200}, "GET", "/auth/signed-out", header("Accept-Language", strings.Repeat("en-US-x-a;q=0.1,", 6000))),
		requested("language-html", stranger, "sends a script as the language", outcome{status: 200, absent: "<script>alert"}, "GET", "/auth/signed-out", header("Accept-Language", "<script>alert(1)</script>")),
		requested("referer-other", otherSite, "links to a page that requires a session", own, "GET", "/history", header("Referer", "https://evil.example/", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document")),
		{name: "header/forwarded-for-flood", attacker: stranger, does: "invents an address for each of 400 sign-ins, to avoid the limit", want: outcome{status: 429}, run: func(s *site) (p *page) {
			b := s.browser().still()
			for start, i := time.Now(), 0; i < 400; i++ {
				// Stop the desk's clock. Otherwise, the limit would allow more sign-ins on a slow
				// machine.
				s.SetAhead(-time.Since(start))
				r := b.request("GET", "/auth/login", nil)
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d, 198.51.100.%d", i%250, i/250))
				if p = b.do(r); p.status == http.StatusTooManyRequests {
					break
				}
			}
			return p
		}},
		{name: "header/smuggling", attacker: network, does: "sends a request with two lengths", want: outcome{status: 400}, run: func(s *site) *page {
			return s.raw("POST /auth/logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n0\r\n\r\nGET /admin/presets HTTP/1.1\r\n\r\n")
		}},
		{name: "header/line-folding", attacker: network, does: "sends a header with a line break", want: outcome{status: 400}, run: func(s *site) *page {
			return s.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n b: c\r\n\r\n")
		}},
	}
}

// raw sends text over a TCP connection, without an HTTP client. The returned page
// contains only the status of the response.
func (s *site) raw(text string) *page {
	s.t.Helper()
	u := parse(s.t, s.url)
	conn, err := net.Dial("tcp", "127.0.0.1:"+u.Port())
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(text)); err != nil {
		s.t.Fatal(err)
	}
	p := readPage(s.t, &http.Response{Body: http.NoBody, Request: &http.Request{URL: u}, Header: http.Header{}})
	if _, err := fmt.Fscanf(conn, "HTTP/1.1 %d", &p.status); err != nil {
		s.t.Fatal(err)
	}
	return p
}
