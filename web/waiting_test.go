package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/testenv"
)

const stillWaiting = "Still waiting. Nothing is created twice."

// holdGraph keeps Graph from answering requests until release is called.
func holdGraph(t *testing.T, s *site) (release func()) {
	t.Helper()
	gate := make(chan struct{})
	s.Gate.Store(&gate)
	release = sync.OnceFunc(func() {
		s.Gate.Store(nil)
		close(gate)
	})
	t.Cleanup(release)
	return release
}

// outcome reloads the waiting page, as the page itself does, until the response is a
// different page. It returns that page.
func (b *browser) outcome(p *page) *page {
	b.t.Helper()
	for path := p.url.Path; strings.HasPrefix(p.url.Path, "/waiting/"); time.Sleep(5 * time.Millisecond) {
		p = b.get(path)
		if p.url.Path == path && !strings.Contains(p.text(), stillWaiting) {
			return p
		}
	}
	return p
}

// TestWaitingPage checks that if processing a form takes too long, the browser is
// redirected to a page that reloads itself until the outcome is available.
func TestWaitingPage(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	link := func(s *site) string {
		_, link := atGraph(t, s, priya, "FROM-ELSEWHERE", "Made in Teams")
		return link
	}
	failed := func(s *site, b *browser) string {
		s.graph.FailNext("GET /me/onlineMeetings/{id}", emulator.Failure{Status: 403})
		b.post("/meetings/1/refresh", nil)
		return retryOf(t, s)
	}
	for name, act := range map[string]struct {
		path func(*site, *browser) string
		form func(*site) url.Values
		want string
	}{
		"create":  {want: "Created", path: func(*site, *browser) string { return "/meetings" }, form: func(s *site) url.Values { return s.form("external_id", "INC3", "anyway", "1") }},
		"save":    {want: "Changed", path: func(*site, *browser) string { return "/meetings/1/update" }, form: func(s *site) url.Values { return s.form("subject", "Moved") }},
		"refresh": {want: "INC0012345", path: func(*site, *browser) string { return "/meetings/1/refresh" }},
		"remove":  {want: "Removed", path: func(*site, *browser) string { return "/meetings/1/remove" }},
		"retry":   {want: "INC0012345", path: failed},
		"add":     {want: "Made in Teams", path: func(*site, *browser) string { return "/meetings/adopt" }, form: func(s *site) url.Values { return url.Values{"join_url": {link(s)}} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, withBudget(time.Minute))
			b := s.signIn(priya)
			b.post("/meetings", s.form()).want(200, "Created")
			path, form := act.path(s, b), url.Values{}
			if act.form != nil {
				form = act.form(s)
			}
			s.server.Patience = 20 * time.Millisecond
			release := holdGraph(t, s)
			p := b.post(path, form).want(200, stillWaiting)
			if !strings.Contains(p.body, `<noscript><meta http-equiv="refresh" content="2">`) {
				t.Error("the page does not load itself again")
			}
			b.get(p.url.Path).want(200, stillWaiting)
			release()
			b.outcome(p).want(200, act.want)
		})
	}
}

// TestWaitingAttempt checks that a meeting's page reloads itself while an attempt is
// running. The meeting is listed as unfinished only if there is still no outcome after
// meeting.LongestRun.
func TestWaitingAttempt(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(time.Minute))
	b := s.signIn(priya)
	s.server.Patience = 20 * time.Millisecond
	release := holdGraph(t, s)
	waiting := b.post("/meetings", s.form()).want(200, stillWaiting)
	for len(record(t, s)) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	unconfirmed := func(want bool) {
		t.Helper()
		home, list := b.get("/").want(200), b.get("/history?state=unfinished").want(200)
		if got := home.doc.Find("#unfinished").Length() > 0; got != want {
			t.Errorf("home lists the meeting as unfinished: %v, want %v", got, want)
		}
		if got := list.doc.Find("tbody tr").Length() > 0; got != want {
			t.Errorf("the history lists the meeting as unfinished: %v, want %v", got, want)
		}
	}
	unconfirmed(false)
	if badge := b.get("/history").want(200).doc.Find("tbody .badge").First().Text(); !strings.Contains(badge, "Waiting") {
		t.Errorf("the badge in the history is %q", badge)
	}
	if p := b.get("/meetings/1").want(200, stillWaiting); !strings.Contains(p.body, "data-looks-again") || strings.Contains(p.text(), "Finish") {
		t.Errorf("the meeting's page does not load itself again, or offers to finish:\n%s", p.text())
	}
	s.SetAhead(meeting.LongestRun + time.Second)
	unconfirmed(true)
	if p := b.get("/meetings/1").want(200, "Finish"); strings.Contains(p.body, "data-looks-again") || p.doc.Find("#news").Text() == stillWaiting {
		t.Error("the meeting's page still waits although the outcome is lost")
	}
	s.SetAhead(0)
	release()
	b.outcome(waiting).want(200, "Created")
	if p := b.get("/meetings/1").want(200); strings.Contains(p.body, "data-looks-again") {
		t.Error("the meeting's page still loads itself again")
	}
}

// TestWaitingForAnError checks that the waiting page shows an error and the completed form
// only to the user who submitted it.
func TestWaitingForAnError(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(time.Minute))
	b, other := s.signIn(priya), s.signIn(tomas)
	s.server.Patience = 20 * time.Millisecond
	release := holdGraph(t, s)
	p := b.post("/meetings/adopt", url.Values{"join_url": {"https://teams.microsoft.com/meet/2345678901234?p=abc"}}).want(200, stillWaiting)
	if got := other.get(p.url.Path); got.url.Path != "/" {
		t.Errorf("another person's browser was led to %s", got.url.Path)
	}
	release()
	for range 2 { // a reload shows the error again
		got := b.outcome(p).want(http.StatusUnprocessableEntity, "finds no meeting of yours")
		if value, _ := got.doc.Find("[name=join_url]").Attr("value"); !strings.Contains(value, "2345678901234") {
			t.Errorf("the form contains %q", value)
		}
	}
	if got := other.get(p.url.Path); got.url.Path != "/" {
		t.Errorf("another person's browser was led to %s", got.url.Path)
	}
}

// TestWaitingPageAfterAccessEnded checks that a stored response with a colleague's meeting
// is not shown once the person's access has ended.
func TestWaitingPageAfterAccessEnded(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(time.Minute), withScopes("User.ReadBasic.All"))
	b, o := s.signIn(priya), s.signIn(tomas)
	where := b.post("/meetings", s.form("subject", "Weekly round", "attendees", "")).want(200, "Created").url.Path
	o.post(where+"/hand-over", s.form()).want(200)
	question := b.get(b.get(where).doc.Find(`main a[href*="end-access"]`).AttrOr("href", "")).want(200)

	s.server.Patience = 20 * time.Millisecond
	release := holdGraph(t, s)
	path := o.post("/meetings", s.form("subject", "My own", "attendees", "dana@contoso.example presenter")).want(200, stillWaiting).url.Path
	release()
	s.server.Wait()
	o.get(path).want(409, "Use this one")
	b.post(where+"/end-access", fieldsOf(question, "/end-access")).want(200, "ended by Priya Nair")
	p := o.get(path).want(409, "Your access to a meeting")
	if strings.Contains(p.text(), "Use this one") {
		t.Errorf("the waiting page shows the meeting:\n%s", p.text())
	}
	if !strings.Contains(p.body, "My own") || !strings.Contains(p.body, "dana@contoso.example") {
		t.Errorf("the waiting page lost what was typed:\n%s", p.text())
	}
}

// TestWaitingOnAnotherDesk checks that a desk shows the waiting page for another desk's
// request while that desk is running and still has the response.
func TestWaitingOnAnotherDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	later, earlier := s.now().Add(time.Minute).Unix(), s.now().Add(-time.Minute).Unix()
	other := paths.Waiting(fmt.Sprintf("999-%d-KEY", later))
	inDatabase(t, s, `INSERT INTO desks (id, lease_until) VALUES (999, 9000000000000)`)
	if p := b.get(other).want(200, stillWaiting); !strings.Contains(p.body, "data-looks-again") {
		t.Error("the page does not load itself again")
	}
	for name, key := range map[string]string{
		"expired": fmt.Sprintf("999-%d-KEY", earlier), "of a stopped desk": fmt.Sprintf("998-%d-KEY", later),
		"of this desk": fmt.Sprintf("%d-%d-KEY", s.Store.DeskID(), later), "without a desk": "KEY", "damaged": "999--KEY",
	} {
		if p := b.get(paths.Waiting(key)); p.url.Path != paths.Home {
			t.Errorf("a request %s leads to %s", name, p.url)
		}
	}
	inDatabase(t, s, `DELETE FROM desks WHERE id = 999`)
	if p := b.get(other); p.url.Path != paths.Home {
		t.Errorf("after the other desk has stopped, its request leads to %s", p.url)
	}
}
