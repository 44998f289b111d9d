package web_test

import (
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestGuessColleaguesTicket checks that searching for a ticket without its letters or zeros
// suggests the ticket of a colleague's meeting. The permanent link for the shortened number
// leads to the form instead, because a ticket with exactly that number may exist.
func TestGuessColleaguesTicket(t *testing.T) {
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
// the tickets that the number may abbreviate.
func TestGuessForInvalidTicket(t *testing.T) {
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

// TestGuessesAreLimited checks that guesses count against a user's limit on look-ups, which
// prevents users from enumerating tickets.
func TestGuessesAreLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("tickets", 30))
	s.signIn(priya).post("/meetings", s.form()).want(200, "Created")
	b, told := s.signIn(tomas), 0
	for range 100 {
		if p := b.get("/history?q=12345").want(200); strings.Contains(p.text(), "may be the ones you mean") {
			told++
		}
	}
	if told == 0 || told > 80 {
		t.Errorf("%d of 100 searches tell of the colleague's ticket, want some and not nearly all", told)
	}
}

// TestSuffixOfAnotherMeeting checks that if the requested external ID has a suffix that
// no colleague's meeting has, the page names the ticket, not the requested external ID.
func TestSuffixOfAnotherMeeting(t *testing.T) {
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
