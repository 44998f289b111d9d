package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// throttled returns a 429 response from Graph with the given Retry-After header. The extra
// arguments are alternating names and values of additional headers.
func throttled(retryAfter string, extra ...string) emulator.Failure {
	f := emulator.Failure{Status: 429, Code: "TooManyRequests", Header: http.Header{"Retry-After": {retryAfter}}}
	for i := 0; i < len(extra); i += 2 {
		f.Header.Set(extra[i], extra[i+1])
	}
	return f
}

// calls returns the number of requests that Graph receives while the callback runs.
func (s *site) calls(do func()) int {
	before := len(s.graph.Requests())
	do()
	return len(s.graph.Requests()) - before
}

// TestNoCallBeforeRetryAfter checks that the page says when to retry, and that an earlier
// retry neither sends nor changes anything, even after a restart.
func TestNoCallBeforeRetryAfter(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		fail emulator.Failure
		wait time.Duration
	}{
		{"date", throttled(time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat)), 10 * time.Minute},
		{"gateway's 503", emulator.Failure{Status: 503, Body: "<h1>Busy</h1>", Header: http.Header{"Retry-After": {"600"}}}, 10 * time.Minute},
		{"longer than a day", throttled("99999999999999999999"), 24 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, withBudget(3*time.Second))
			b := s.signIn(priya)
			s.graph.FailNext(createRoute, tt.fail)
			begun := time.Now()
			p := b.post("/meetings", s.form("time_zone", "Europe/Lisbon")).want(200, "Printer on fire", "meetdesk sends nothing before that time.", "asked to wait until ")
			wantTime := func(p *page) {
				t.Helper()
				for in := time.Duration(0); in < 4*time.Second; in += time.Second { // allow for slow responses
					until := begun.Add(tt.wait + in + time.Minute - time.Nanosecond).Truncate(time.Minute)
					if strings.Contains(p.text(), "after "+until.In(lisbon).Format("15:04")) || strings.Contains(p.text(), ", "+until.In(lisbon).Format("15:04")) {
						return
					}
				}
				t.Errorf("the page does not say when to retry:\n%s", p.text())
			}
			wantTime(p)
			before := attempts(t, s, newest(t, s, "INC0012345").ID)[0]
			retryEarly := func() {
				t.Helper()
				if n := s.calls(func() { p = b.post(retryOf(t, s), nil).want(503, "too early", "nothing was sent") }); n != 0 {
					t.Errorf("%d requests before that time, want none", n)
				}
				wantTime(p)
				seconds, err := strconv.Atoi(p.header.Get("Retry-After"))
				if left := tt.wait - s.Ahead(); err != nil || seconds <= 0 || time.Duration(seconds)*time.Second > left+2*time.Second {
					t.Errorf("Retry-After %q, want the remaining %s", p.header.Get("Retry-After"), left)
				}
				after := attempts(t, s, newest(t, s, "INC0012345").ID)[0]
				if after.State != before.State || after.Reason != before.Reason || len(after.Calls) != len(before.Calls) {
					t.Errorf("the early retry changed the attempt from %+v to %+v", before, after)
				}
			}
			retryEarly()
			s.store.Close()
			s.reopen()
			retryEarly()
			if tt.wait > time.Hour {
				return // the session would have ended by that time
			}
			s.SetAhead(tt.wait - 10*time.Second)
			retryEarly()
			s.SetAhead(tt.wait + 2*time.Second)
			if text := b.get("/meetings/1").text(); strings.Contains(text, "sends nothing before that time") {
				t.Errorf("the page still says to wait:\n%s", text)
			}
			b.post(retryOf(t, s), nil).want(200, "Created")
		})
	}
}

// TestTokenEndpointWait checks that the desk waits as long as the token endpoint requested
// before it refreshes a token. Users with a valid token can continue.
func TestTokenEndpointWait(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.expireTokens()
	s.graph.FailNext("POST /token", emulator.Failure{Status: 429, Code: "temporarily_unavailable", Header: http.Header{"Retry-After": {"600"}}})
	wantOneAdvice(t, b.post("/meetings", s.form()).want(200, "getting too many requests", "Retry after "))
	for range 2 {
		p := b.post(retryOf(t, s), nil).want(200, "Microsoft asked meetdesk to wait", "Retry after ")
		if a := attempts(t, s, newest(t, s, "INC0012345").ID)[0]; a.Reason != meeting.ReasonWait || len(a.Calls) != 0 {
			t.Errorf("attempt %+v, want one without calls:\n%s", a, p.text())
		}
	}
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC2")).want(200, "Created")
	s.SetAhead(s.Ahead() + 10*time.Minute + time.Second)
	b.post(retryOf(t, s), nil).want(200, "Created")
}

// TestAppTokenWait checks that the desk waits as long as the token endpoint requested
// before it requests an application token.
func TestAppTokenWait(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	s.expireTokens()
	s.graph.FailNext("POST /token", emulator.Failure{Status: 429, Code: "temporarily_unavailable", Header: http.Header{"Retry-After": {"600"}}})
	wantOneAdvice(t, d.post("/meetings", s.form("organizer", priyaID)).want(200, "getting too many requests", "Retry after "))
	wantOneAdvice(t, d.post(retryOf(t, s), nil).want(200, "Microsoft asked meetdesk to wait"))
	s.SetAhead(s.Ahead() + 10*time.Minute + time.Second)
	d.post(retryOf(t, s), nil).want(200, "Created")
}

// wantOneAdvice checks that a page that says when to retry does not also give conflicting
// advice, such as "retry now".
func wantOneAdvice(t *testing.T, p *page) {
	t.Helper()
	for _, wrong := range []string{"in a minute", "a few minutes", "retry now", "could not reach"} {
		if strings.Contains(p.text(), wrong) {
			t.Errorf("the page says %q in addition to the time:\n%s", wrong, p.text())
		}
	}
}

// TestWaitForSomebodyElse checks that users who cannot continue an attempt are not told to
// retry.
func TestWaitForSomebodyElse(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d, b := s.signIn(dana), s.signIn(priya)
	s.graph.FailNext("PATCH /users/{user}/onlineMeetings/{id}", throttled("600", "x-ms-throttle-scope", "User/ReadWrite"))
	where := d.post("/meetings", s.form("organizer", priyaID, "lobby", "everyone")).want(200, "Retry after ").url.Path
	wantOneAdvice(t, b.get(where).want(200, "and only they can continue"))
	d.post(retryOf(t, s), nil).want(503)
}

func TestWaitInPortuguese(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withTheirLanguages)
	b := s.signIn(tomas)
	s.graph.FailNext(createRoute, throttled("600"))
	b.post("/meetings", s.form("time_zone", "America/Sao_Paulo")).want(200, "Tente novamente após ")
	b.post(retryOf(t, s), nil).want(503, "Ainda é cedo", "ente novamente após ")
}
