package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"meetdesk/linear"
)

// TestRequestsInLinearTime checks that the response time grows at most linearly with the
// length of the request, with and without a session.
func TestRequestsInLinearTime(t *testing.T) {
	s := newSite(t)
	person := s.signIn(priya)
	person.post("/meetings", s.form()).want(200)
	home, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, s.url+path, nil) }
	post := func(path, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	with := func(name, value string) *http.Request {
		r := get("/healthz")
		r.Header.Set(name, value)
		return r
	}
	escaped := url.QueryEscape
	for _, tt := range []struct {
		name    string
		size    int
		session bool
		request func(text string) *http.Request
	}{
		{"form without a session", 4 << 10, false, func(text string) *http.Request {
			return post("/meetings", url.Values{"attendees": {text}, "external_id": {text}}.Encode())
		}},
		{"body without a session", 4 << 10, false, func(text string) *http.Request { return post("/meetings", text) }},
		{"form", 4 << 10, true, func(text string) *http.Request {
			return post("/meetings", s.form("attendees", text, "subject", text, "external_id", text).Encode())
		}},
		{"deep link", 1 << 10, true, func(text string) *http.Request { return get("/meetings/new?attendee=" + escaped(text)) }},
		{"many parameters", 4 << 10, true, func(text string) *http.Request {
			return get("/meetings/new?" + strings.Repeat("attendee="+escaped(text[:min(len(text), 3)])+"&", len(text)/8))
		}},
		{"search", 400, true, func(text string) *http.Request { return get("/history?list=1&q=" + escaped(text)) }},
		{"ticket", 1 << 10, true, func(text string) *http.Request { return get("/t/" + url.PathEscape(text) + "x") }},
		{"path", 1 << 10, false, func(text string) *http.Request { return get("/" + url.PathEscape(text)) }},
		{"sign-in", 1 << 10, false, func(text string) *http.Request {
			return get("/auth/login?login_hint=" + escaped(text) + "&return_to=" + escaped("/"+text) + "&claims=" + escaped(text))
		}},
		{"callback", 1 << 10, false, func(text string) *http.Request {
			return get("/auth/callback?state=" + escaped(text) + "&code=" + escaped(text) + "&error=" + escaped(text))
		}},
		{"cookies", 4 << 10, false, func(text string) *http.Request { return with("Cookie", "meetdesk="+text+"; meetdesk_signin_a="+text) }},
		{"languages", 4 << 10, false, func(text string) *http.Request { return with("Accept-Language", text) }},
		{"encodings", 4 << 10, false, func(text string) *http.Request { return with("Accept-Encoding", text) }},
		{"Content-Type", 4 << 10, false, func(text string) *http.Request {
			r := post("/meetings", "")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded;"+text)
			return r
		}},
		{"Origin", 4 << 10, false, func(text string) *http.Request {
			r := post("/meetings", "")
			r.Header.Set("Origin", text)
			return r
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			linear.Texts(t, tt.size, "", "", func(text string) {
				r := tt.request(text)
				if tt.session {
					for _, c := range person.client.Jar.Cookies(home) {
						r.AddCookie(c)
					}
				}
				s.server.ServeHTTP(httptest.NewRecorder(), r)
			})
		})
	}
}
