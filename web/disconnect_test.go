package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// hurry sends a request without a body. The visitor disconnects when the context has been
// used the given number of times. inTime reports whether the response came before that.
func (b *browser) hurry(route string, uses int) (inTime bool) {
	method, path, _ := strings.Cut(route, " ")
	h := testenv.Hurry(b.t.Context(), uses)
	defer h.End()
	r := httptest.NewRequestWithContext(h, method, b.url+path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", uses%256) // repeated refusals of the same client are only counted
	for _, c := range b.client.Jar.Cookies(mustURL(b.t, b.url)) {
		r.AddCookie(c)
	}
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler { // a download that breaks off
			panic(p)
		}
		inTime = h.InTime()
	}()
	b.server.ServeHTTP(httptest.NewRecorder(), r)
	return false
}

// No matter when a visitor disconnects, the refusal of their request is audited, unless the
// desk did not get as far as finding their session.
func TestDisconnectingHidesNoRefusal(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	for _, tt := range []struct {
		who, path string
		refusal   meeting.Reason
	}{ // only 60 refusals of one person are audited each minute
		{priya, "/meetings/1", meeting.ReasonMeetingUnknown},
		{dana, "/admin/audit", meeting.ReasonAccessAdministrator},
	} {
		b, refused := s.signIn(tt.who), 0
		for uses, inTime := 1, false; !inTime; uses++ {
			before := len(s.AuditLog())
			inTime = b.hurry("GET "+tt.path, uses)
			if slices.ContainsFunc(s.AuditLog()[before:], func(line string) bool { return strings.Contains(line, string(tt.refusal)) }) {
				refused++
			} else if refused > 0 {
				t.Errorf("%s: no entry if the visitor disconnects after %d uses of the context", tt.path, uses)
			}
		}
		if refused == 0 {
			t.Errorf("%s was never refused", tt.path)
		}
	}
}

// A sign-out takes effect even if the browser disconnects before the response: a person may
// close the window, and a provider's page may leave its frame.
func TestDisconnectingStopsNoSignOut(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	for name, path := range map[string]func() string{
		"here": func() string { return "POST /auth/logout" },
		"at the provider": func() string {
			return "GET /auth/frontchannel-logout?sid=" + readColumn(t, s, `SELECT sid FROM sessions`)
		},
	} {
		ended := false
		for uses, inTime := 1, false; !inTime; uses++ {
			b := s.signIn(priya)
			inTime = b.hurry(path(), uses)
			left := readColumn(t, s, `SELECT count(*) FROM sessions`)
			if left != "0" && ended {
				t.Errorf("%s: %s sessions are left if the browser disconnects after %d uses of the context", name, left, uses)
			}
			ended = ended || left == "0"
			b.post("/auth/logout", nil)
		}
		if !ended {
			t.Errorf("%s: the sign-out never ended the session", name)
		}
	}
}

// No matter when a visitor disconnects, the log does not report an error of the desk.
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
		before := len(s.Log.String())
		for uses, inTime := 1, false; !inTime; uses++ {
			inTime = b.hurry("GET "+path, uses)
		}
		for line := range strings.Lines(s.Log.String()[before:]) {
			if strings.Contains(line, "level=ERROR") {
				t.Errorf("%s: the log has\n%s", path, line)
				break
			}
		}
	}
}
