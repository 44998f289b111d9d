package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// hurry sends a request without a body. The visitor disconnects as soon as the request's
// context has been used the given number of times. logged is what the desk logged during the
// request. inTime reports whether the desk responded before the visitor disconnected.
func (b *browser) hurry(route string, uses int) (logged string, inTime bool) {
	method, path, _ := strings.Cut(route, " ")
	h := testenv.Hurry(b.t.Context(), uses)
	defer h.End()
	r := httptest.NewRequestWithContext(h, method, b.url+path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", uses%256) // a different address each time, because repeated refusals for one client are not audited separately
	for _, c := range b.client.Jar.Cookies(mustURL(b.t, b.url)) {
		r.AddCookie(c)
	}
	before := len(b.Log.String())
	defer func() {
		p := recover()
		if err, _ := p.(error); p != nil && !errors.Is(err, http.ErrAbortHandler) { // ErrAbortHandler means an interrupted download
			panic(p)
		}
		logged, inTime = b.Log.String()[before:], h.InTime()
	}()
	b.server.ServeHTTP(httptest.NewRecorder(), r)
	return "", false
}

func TestDisconnectingHidesNoRefusal(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	for _, tt := range []struct {
		who, path string
		refusal   meeting.Reason
	}{ // at most 60 refusals per person are audited each minute
		{priya, "/meetings/1", meeting.ReasonMeetingUnknown},
		{dana, "/admin/audit", meeting.ReasonAccessAdministrator},
	} {
		b, refused := s.signIn(tt.who), 0
		for uses, inTime := 1, false; !inTime; uses++ {
			before := len(s.AuditLog())
			var logged string
			if logged, inTime = b.hurry("GET "+tt.path, uses); !strings.Contains(logged, string(tt.refusal)) {
				continue // the visitor disconnected before the refusal
			}
			refused++
			if !slices.ContainsFunc(s.AuditLog()[before:], func(line string) bool { return strings.Contains(line, string(tt.refusal)) }) {
				t.Errorf("%s: no entry if the visitor disconnects after %d uses of the context", tt.path, uses)
			}
		}
		if refused < 2 {
			t.Errorf("%s was refused %d times", tt.path, refused)
		}
	}
}

// A sign-out takes effect even if the browser disconnects before it receives the response. The
// person may close the window, or the provider's page may remove the frame that signs out.
func TestDisconnectingStopsNoSignOut(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	for _, tt := range []struct {
		route  func() string
		begins string // log text that shows that the sign-out has begun
	}{
		{func() string { return "POST /auth/logout" }, "person="},
		{func() string {
			return "GET /auth/frontchannel-logout?sid=" + readColumn(t, s, `SELECT sid FROM sessions`)
		}, "route=/auth/frontchannel-logout"},
	} {
		began := 0
		for uses, inTime := 1, false; !inTime; uses++ {
			b, logged := s.signIn(priya), ""
			route := tt.route()
			if logged, inTime = b.hurry(route, uses); strings.Contains(logged, tt.begins) {
				began++
				if left := readColumn(t, s, `SELECT count(*) FROM sessions`); left != "0" {
					t.Errorf("%.30s: the session is left if the browser disconnects after %d uses of the context", route, uses)
				}
			}
			b.post("/auth/logout", nil)
		}
		if began < 2 {
			t.Errorf("%s began %d times", tt.begins, began)
		}
	}
}

// The desk logs no error if a visitor disconnects while a GET request is in progress.
func TestDisconnectingIsNoError(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(alex)
	b.post("/meetings", s.form()).want(200, "Created")
	for _, path := range []string{
		"/", "/sessions", "/meetings/new", "/meetings/1", "/meetings/1/edit", "/meetings/1/invitation.ics", "/meetings/2", "/history", "/history?q=INC0012345",
		"/history?q=laptop", "/history.csv", "/history.xlsx", "/t/INC0012345", "/imports", "/admin", "/admin/audit", "/admin/audit.csv", "/admin/people", "/admin/retention",
		"/admin/presets", "/static/nothing", "/nothing",
	} {
		for uses, inTime := 1, false; !inTime; uses++ {
			var logged string
			if logged, inTime = b.hurry("GET "+path, uses); strings.Contains(logged, "level=ERROR") {
				t.Errorf("%s: the log has\n%s", path, logged)
				break
			}
		}
	}
}
