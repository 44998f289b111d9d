package web_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/testenv"
)

// TestGuessColleaguesTicket checks that searching for a ticket without its letters or zeros
// suggests the ticket of a colleague's meeting. The permanent link for the shortened number
// leads to the form instead, because a ticket with exactly that number may exist.
func TestGuessColleaguesTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200, "Created")
	b := s.signIn(tomas)
	for _, path := range []string{"/history?q=12345", "/history?q=INC12345", "/history?q=inc-12345", "/meetings/new/guard?external_id=12345", "/meetings/new/guard?external_id=INC12345"} {
		p := b.ask(path).want(200, "may be the ones you mean")
		link := p.doc.Find(`a[href="/t/INC0012345"]`)
		if link.Length() != 1 || strings.Contains(p.text(), "A colleague has") {
			t.Errorf("%s has %d links to the ticket:\n%s", path, link.Length(), p.text())
		}
	}
	b.get("/t/INC0012345").want(200, "A colleague has a meeting for INC0012345")
	if form := fields(b.get("/t/12345?subject=Printer").want(200)); form.Get("external_id") != "12345" || form.Get("subject") != "Printer" {
		t.Errorf("the ticket's page leads to the form %q", form)
	}
	for _, path := range []string{"/t/2345", "/t/12345", "/t/INC12345", "/t/INC12346", "/t/CHG12345"} {
		if p := b.get(path).want(200); p.url.Path != "/meetings/new" {
			t.Errorf("%s leads to %s, want the form for a new meeting", path, p.url)
		}
	}
	if p := s.signIn(priya).ask("/meetings/new/guard?external_id=12345").want(200, "may be the ones you mean"); p.doc.Find(`a[href="/t/INC0012345"]`).Length() != 1 {
		t.Errorf("the organizer reads\n%s", p.text())
	}
}

// TestGuessForInvalidTicket checks that the permanent link of an invalid number suggests
// the tickets that the number might stand for.
func TestGuessForInvalidTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withTicket(`^INC[0-9]{7}$`, "INC0012345", ""))
	s.signIn(priya).post("/meetings", s.form()).want(200, "Created")
	b := s.signIn(tomas)
	for _, path := range []string{"/t/12345", "/t/INC12345"} {
		p := b.get(path).want(200, "may be the ones you mean")
		if p.doc.Find(`main a[href="/t/INC0012345"]`).Length() != 1 {
			t.Errorf("%s leads to\n%s", path, p.text())
		}
		form := fields(b.press(p, strings.TrimPrefix(path, "/t/")).want(200))
		if form.Get("external_id") != strings.TrimPrefix(path, "/t/") {
			t.Errorf("%s leads to the form %q", path, form)
		}
	}
}

// TestGuessesAreLimited checks that each ticket shown as a guess counts as a look-up, which
// prevents users from enumerating tickets.
func TestGuessesAreLimited(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withLimit("tickets", 32), withTicket(`^[A-Z]{3}[0-9]{7}$`, "INC0012345", ""))
	b := s.signIn(priya)
	for _, prefix := range []string{"INC", "CHG", "REQ", "TAS", "PRB", "KBA"} {
		b.post("/meetings", s.form("external_id", prefix+"0012345")).want(200, "Created")
	}
	b = s.signIn(tomas)
	guesses := func(path string) int {
		return b.ask(path).doc.Find(`a[href^="/t/"]`).FilterFunction(func(_ int, a *goquery.Selection) bool {
			return strings.HasSuffix(a.Text(), "0012345")
		}).Length()
	}
	for _, tt := range []struct {
		path string
		want int
	}{
		{"/history?q=12345", 5}, {"/history?q=77777", 0}, // a request that shows nothing does not count
		{"/t/12345", 5}, {"/meetings/new/guard?external_id=12345", 5}, // each of these two requests counts as a look-up too
		{"/history?q=12345", 5}, {"/history?q=12345", 5}, {"/history?q=12345", 5}, // 32 in all
		{"/history?q=12345", 0}, {"/t/12345", 0},
	} {
		if got := guesses(tt.path); got != tt.want {
			t.Errorf("%s shows %d tickets, want %d", tt.path, got, tt.want)
		}
	}
}

// TestLookUpsAtTheSameMoment checks that simultaneous requests do not exceed the limit.
func TestLookUpsAtTheSameMoment(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withLimit("tickets", 4))
	s.signIn(priya).post("/meetings", s.form("subject", "Theirs")).want(200, "Created")
	b := s.signIn(tomas)
	var wait sync.WaitGroup
	var told atomic.Int32
	for i := range 40 {
		wait.Go(func() {
			var p *page
			if i%2 == 0 {
				p = b.get("/history?q=INC0012345")
			} else {
				p = b.post("/meetings", s.form("subject", "Typed"))
			}
			if strings.Contains(p.text(), "A colleague has a meeting") || strings.Contains(p.text(), "Priya") {
				told.Add(1)
			}
		})
	}
	wait.Wait()
	if n := told.Load(); n == 0 || n > 4 {
		t.Errorf("%d pages name the colleague's meeting, want at most 4", n)
	}
}

// TestSuffixOfAnotherMeeting requests an external ID whose suffix no colleague's meeting
// has. The page must name the ticket instead of the requested ID.
func TestSuffixOfAnotherMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200, "Created")
	b := s.signIn(tomas)
	for _, path := range []string{"/history?q=inc0012345~2", "/t/inc0012345~2", "/meetings/new/guard?external_id=inc0012345~2"} {
		p := b.ask(path).want(200, "A colleague has a meeting for inc0012345")
		if strings.Contains(p.text(), "for inc0012345~2") {
			t.Errorf("%s: a colleague has inc0012345~2, according to\n%s", path, p.text())
		}
	}
	b.get("/t/inc0012345").want(200, "A colleague has a meeting for inc0012345")
}
