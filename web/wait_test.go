package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// throttled is Graph's answer to too many requests.
func throttled(retryAfter string, more ...string) emulator.Failure {
	f := emulator.Failure{Status: 429, Code: "TooManyRequests", Header: http.Header{"Retry-After": {retryAfter}}}
	for i := 0; i < len(more); i += 2 {
		f.Header.Set(more[i], more[i+1])
	}
	return f
}

// calls runs do and returns how many requests Graph got.
func (s *site) calls(do func()) int {
	before := len(s.graph.Requests())
	do()
	return len(s.graph.Requests()) - before
}

// TestNoCallBeforeRetryAfter: the page says when, in the reader's zone; a retry
// before that sends nothing and changes nothing, also after a restart.
func TestNoCallBeforeRetryAfter(t *testing.T) {
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
		{"seconds", throttled("600"), 10 * time.Minute},
		{"a date", throttled(time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat)), 10 * time.Minute},
		{"a fraction", throttled("599.5"), 10 * time.Minute},
		{"twice", throttled("600, 600"), 10 * time.Minute},
		{"a gateway's", emulator.Failure{Status: 503, Body: "<h1>Busy</h1>", Header: http.Header{"Retry-After": {"600"}}}, 10 * time.Minute},
		{"503", emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: http.Header{"Retry-After": {"600"}}}, 10 * time.Minute},
		{"absurd", throttled("99999999999999999999"), 24 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			s.graph.FailNext(createRoute, tt.fail)
			begun := time.Now()
			p := b.post("/meetings", s.form("time_zone", "Europe/Lisbon")).want(200, "Printer on fire", "The desk sends nothing before that time.", "asked to wait until ")
			says := func(p *page) {
				t.Helper()
				for in := time.Duration(0); in < 4*time.Second; in += time.Second { // the second in which Graph answered
					until := begun.Add(tt.wait + in + time.Minute - time.Nanosecond).Truncate(time.Minute)
					if strings.Contains(p.text(), "after "+until.In(lisbon).Format("15:04")) || strings.Contains(p.text(), ", "+until.In(lisbon).Format("15:04")) {
						return
					}
				}
				t.Errorf("the page does not say when:\n%s", p.text())
			}
			says(p)
			before := attempts(t, s, newest(t, s, "INC0012345").ID)[0]
			early := func() {
				t.Helper()
				if n := s.calls(func() { p = b.post(retryOf(t, s), nil).want(503, "too early", "nothing was sent") }); n != 0 {
					t.Errorf("%d requests before the time", n)
				}
				says(p)
				seconds, err := strconv.Atoi(p.header.Get("Retry-After"))
				if left := tt.wait - s.Ahead(); err != nil || seconds <= 0 || time.Duration(seconds)*time.Second > left+2*time.Second {
					t.Errorf("Retry-After %q, of %s", p.header.Get("Retry-After"), left)
				}
				after := attempts(t, s, newest(t, s, "INC0012345").ID)[0]
				if after.State != before.State || after.Reason != before.Reason || len(after.Calls) != len(before.Calls) {
					t.Errorf("the attempt was %+v, and is %+v", before, after)
				}
			}
			early()
			s.store.Close()
			s.reopen()
			early()
			if tt.wait > time.Hour {
				return // the session is over by then
			}
			s.SetAhead(tt.wait - 10*time.Second)
			early()
			s.SetAhead(tt.wait + 2*time.Second)
			if text := b.get("/meetings/1").text(); strings.Contains(text, "sends nothing before that time") {
				t.Errorf("the page still waits:\n%s", text)
			}
			b.post(retryOf(t, s), nil).want(200, "Created")
		})
	}
}

// TestRetryAfterThatAsksForNothing holds up nobody.
func TestRetryAfterThatAsksForNothing(t *testing.T) {
	t.Parallel()
	for _, told := range []string{"-600", "soon", "0", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		s := newSite(t)
		b := s.signIn(priya)
		for range 3 {
			s.graph.FailNext(createRoute, throttled(told))
		}
		b.post("/meetings", s.form()).want(200, "Wait a few minutes, then retry.")
		b.post(retryOf(t, s), nil).want(200, "Created")
	}
}

// TestWhomALimitIsAbout: without a word on it the whole desk waits, and one that is
// about a person stops that person alone.
func TestWhomALimitIsAbout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		scope      string
		retryAfter string
		ahead      time.Duration // when Tomás asks
		sent       int           // of his requests
	}{
		{"", "600", 0, 0},
		{"", "600", 9 * time.Minute, 0},
		{"", "600", 11 * time.Minute, 1},
		{"", "43200", 50 * time.Minute, 0},
		{"", "43200", 61 * time.Minute, 1}, // it may be Priya's own limit
		{"User/ReadWrite/9a3d526c/6b4ab10b", "600", 0, 1},
		{"Tenant_Application/ReadWrite/9a3d526c/6b4ab10b", "43200", 61 * time.Minute, 0},
		{"Application/Read/9a3d526c", "7200", 70 * time.Minute, 0},
		{"Tenant/Read", "600", 0, 0},
	} {
		t.Run(tt.scope+" "+tt.retryAfter+" "+tt.ahead.String(), func(t *testing.T) {
			s := newSite(t)
			p, o := s.signIn(priya), s.signIn(tomas)
			s.graph.FailNext(createRoute, throttled(tt.retryAfter, "x-ms-throttle-scope", tt.scope))
			p.post("/meetings", s.form())
			s.SetAhead(tt.ahead)
			var shown *page
			if sent := s.calls(func() { shown = o.post("/meetings", s.form("external_id", "INC2", "subject", "Monitor")) }); sent != tt.sent {
				t.Fatalf("%d requests of Tomás's, want %d:\n%s", sent, tt.sent, shown.text())
			}
			if tt.sent == 1 {
				shown.want(200, "Created")
				return
			}
			shown.want(200, "Monitor", "Microsoft had asked the desk to wait", "Retry after ", "nothing was sent")
			if a := attempts(t, s, newest(t, s, "INC2").ID)[0]; a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonWait || len(a.Calls) != 0 {
				t.Errorf("recorded as %+v", a)
			}
			if n := s.calls(func() { p.post(retryOf(t, s), nil).want(503, "too early") }); n != 0 {
				t.Errorf("%d requests of Priya's", n)
			}
		})
	}
}

// TestEveryOperationWaits: while the desk must wait, no operation sends anything. A wait
// that one operation is told holds for all others.
func TestEveryOperationWaits(t *testing.T) {
	t.Parallel()
	const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"
	acts := []struct {
		name, route string
		act         func(*browser) *page
		status      int
	}{
		{"create", createRoute, func(b *browser) *page { return b.post("/meetings", b.form("external_id", "INC9")) }, 200},
		{"refresh", getRoute, func(b *browser) *page { return b.post("/meetings/1/refresh", nil) }, 200},
		{"update", getRoute, func(b *browser) *page { return b.post("/meetings/1/update", b.form("subject", "New")) }, 200},
		{"option", getRoute, func(b *browser) *page { return b.post("/meetings/1/update", b.form("lobby", "everyone")) }, 200},
		{"remove", getRoute, func(b *browser) *page { return b.post("/meetings/1/remove", nil) }, 200},
		{"adopt", "GET /me/onlineMeetings", func(b *browser) *page { return b.post("/meetings/adopt", url.Values{"join_url": {link}}) }, 422},
		{"people", "GET /users", func(b *browser) *page { return b.get("/people?q=tomas") }, 503},
	}
	for _, first := range acts[:6] {
		t.Run("after "+first.name, func(t *testing.T) {
			s := newSite(t, withScopes(basicScope))
			b := s.signIn(priya)
			b.post("/meetings", s.form()).want(200, "Created")
			s.graph.FailNext(first.route, throttled("600"))
			p := first.act(b).want(first.status)
			if first.name == "adopt" && !strings.Contains(p.text(), "send nothing before ") {
				t.Errorf("it does not say when:\n%s", p.text())
			}
			for _, then := range acts {
				if n := s.calls(func() { then.act(b).want(then.status) }); n != 0 {
					t.Errorf("%s sent %d requests", then.name, n)
				}
			}
			s.SetAhead(10*time.Minute + time.Second)
			if n := s.calls(func() { b.post("/meetings/1/refresh", nil).want(200) }); n != 1 {
				t.Errorf("%d requests once the time had come", n)
			}
		})
	}
}

// TestTheDirectoryWaitsAlone: people cannot be looked up, and meetings are made all
// the same.
func TestTheDirectoryWaitsAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b := s.signIn(priya)
	s.graph.FailNext("GET /users", throttled("600"))
	b.get("/people?q=tomas").want(503)
	if n := s.calls(func() { b.get("/people?q=tomas").want(503, "send nothing before") }); n != 0 {
		t.Errorf("%d look-ups before the time", n)
	}
	if n := s.calls(func() { b.post("/meetings", s.form("attendees", tomas)).want(200, "Created") }); n != 1 {
		t.Errorf("%d requests to make a meeting, want createOrGet alone", n)
	}
	s.SetAhead(10*time.Minute + time.Second)
	b.get("/people?q=tomas").want(200)
}

// TestTheTokenEndpointWaits: after the token endpoint asks to wait, no token is renewed
// before that time. People whose token is still valid can continue.
func TestTheTokenEndpointWaits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.SetAhead(80 * time.Minute) // the token is over
	s.graph.FailNext("POST /token", emulator.Failure{Status: 429, Code: "temporarily_unavailable", Header: http.Header{"Retry-After": {"600"}}})
	wantOneAdvice(t, b.post("/meetings", s.form()).want(200, "getting too many requests", "Retry after "))
	for range 2 {
		p := b.post(retryOf(t, s), nil).want(200, "Microsoft had asked the desk to wait", "Retry after ")
		if a := attempts(t, s, newest(t, s, "INC0012345").ID)[0]; a.Reason != meeting.ReasonWait || len(a.Calls) != 0 {
			t.Errorf("%+v:\n%s", a, p.text())
		}
	}
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC2")).want(200, "Created")
	s.SetAhead(s.Ahead() + 10*time.Minute + time.Second)
	b.post(retryOf(t, s), nil).want(200, "Created")
}

// TestTheProgramsTokenWaits: the same for the program's own token.
func TestTheProgramsTokenWaits(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	s.SetAhead(80 * time.Minute)
	s.graph.FailNext("POST /token", emulator.Failure{Status: 429, Code: "temporarily_unavailable", Header: http.Header{"Retry-After": {"600"}}})
	wantOneAdvice(t, d.post("/meetings", s.form("organizer", priyaID)).want(200, "getting too many requests", "Retry after "))
	wantOneAdvice(t, d.post(retryOf(t, s), nil).want(200, "Microsoft had asked the desk to wait"))
	s.SetAhead(s.Ahead() + 10*time.Minute + time.Second)
	d.post(retryOf(t, s), nil).want(200, "Created")
}

// wantOneAdvice expects the page to say when to retry, and nothing else of it.
func wantOneAdvice(t *testing.T, p *page) {
	t.Helper()
	for _, wrong := range []string{"in a minute", "a few minutes", "retry now", "could not reach"} {
		if strings.Contains(p.text(), wrong) {
			t.Errorf("the page says %q beside the time:\n%s", wrong, p.text())
		}
	}
}

// TestATokenEndpointOutOfOrderWaits: the provider answered, so it was reached.
func TestATokenEndpointOutOfOrderWaits(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		s := newSite(t)
		b := s.signIn(priya)
		s.SetAhead(80 * time.Minute)
		s.graph.FailNext("POST /token", emulator.Failure{Status: status, Body: "<html>", Header: http.Header{"Retry-After": {"600"}}})
		wantOneAdvice(t, b.post("/meetings", s.form()).want(200, "Microsoft is busy", "Retry after "))
		if a := attempts(t, s, newest(t, s, "INC0012345").ID)[0]; a.Reason != meeting.ReasonBusy || a.State != meeting.AttemptFailed {
			t.Errorf("after %d the attempt is %s for %s", status, a.State, a.Reason)
		}
	}
}

// TestAWaitOfSomebodyElse: whoever cannot go on with an attempt is not told to.
func TestAWaitOfSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d, b := s.signIn(dana), s.signIn(priya)
	s.graph.FailNext("PATCH /users/{user}/onlineMeetings/{id}", throttled("600", "x-ms-throttle-scope", "User/ReadWrite"))
	where := d.post("/meetings", s.form("organizer", priyaID, "lobby", "everyone")).want(200, "Retry after ").url.Path
	wantOneAdvice(t, b.get(where).want(200, "and only they can go on with it"))
	d.post(retryOf(t, s), nil).want(503)
}

// TestAShortWaitIsWaitedFor: what ends while a person waits refuses nobody.
func TestAShortWaitIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBudget(8*time.Second))
	b, o := s.signIn(priya), s.signIn(tomas)
	if err := s.store.SaveWait(context.Background(), "graph", 0, s.now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	b.post("/meetings", s.form()).want(200, "Created")
	o.post("/meetings", s.form("external_id", "INC2")).want(200, "Created")
	if took := time.Since(begun); took < time.Second || took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestTheWaitInPortuguese: a reader in another zone and language.
func TestTheWaitInPortuguese(t *testing.T) {
	t.Parallel()
	s := newSite(t, withTheirLanguages)
	b := s.signIn(tomas)
	s.graph.FailNext(createRoute, throttled("600"))
	b.post("/meetings", s.form("time_zone", "America/Sao_Paulo")).want(200, "Tente de novo após ")
	b.post(retryOf(t, s), nil).want(503, "Ainda é cedo", "tente de novo após ")
}
