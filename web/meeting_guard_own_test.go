package web_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestGuardShowsOwnMeeting checks that, however the ticket is spelled, the guard shows the
// person's own meeting and Graph receives no request.
func TestGuardShowsOwnMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	before := len(s.graph.Requests())
	for _, spelling := range []string{
		"INC0012345", "inc 0012345", "#INC0012345", "INC-0012345", "Inc_0012345", "INC.0012345", " inc0012345 ", "INC–0012345", "ＩＮＣ０012345", "[INC0012345]", "INC٠٠١٢٣٤٥", `"INC0012345",`, "INC 0012345",
	} {
		p := b.post("/meetings", s.form("external_id", spelling, "subject", "Typed", "attendees", tomas))
		p.want(409, "You have a meeting", "INC0012345", "10:00–10:30", "Ready", "Open it", "Create another (INC0012345~2)", "Compare with what I entered")
		if open := p.doc.Find("main .primary"); open.Length() != 1 || open.AttrOr("href", "") != "/meetings/1" {
			t.Errorf("%q: the primary button is %q, want the meeting's", spelling, open.Text())
		}
		another := formFields(p.doc.Find(`form:has([name="external_id"][value="INC0012345~2"])`))
		if another.Get("subject") != "Typed" || another.Get("attendees") != tomas {
			t.Errorf("%q: the form has %v, want what was typed", spelling, another)
		}
	}
	if got := len(s.graph.Requests()) - before; got != 0 || len(record(t, s)) != 1 {
		t.Fatalf("Graph got %d requests and %d meetings are stored, want none and one", got, len(record(t, s)))
	}
	for _, other := range []string{"INC001234", "INC00123456", "NC0012345", "INC00-12345", "INC0012345~2"} {
		b.post("/meetings", s.form("external_id", other)).want(200, "Created")
	}
	b.post("/meetings", s.form("external_id", "inc0012345~2")).want(409, "INC0012345~2", "Create another (INC0012345~3)")
	t.Run("create another", func(t *testing.T) {
		p := b.post("/meetings", s.form("external_id", "inc 0012345", "subject", "Second visit"))
		form := p.doc.Find(`form:has([name="external_id"][value="INC0012345~3"])`)
		b.post("/meetings", formFields(form)).want(200, "Created", "INC0012345~3", "Second visit")
	})
	t.Run("compare", func(t *testing.T) {
		p := b.post("/meetings", s.form("external_id", "#inc0012345", "subject", "Second thoughts"))
		form := p.doc.Find(`form:has([name="external_id"][value="INC0012345"])`)
		p = b.post("/meetings", formFields(form)).want(200, "Found", "Second thoughts", "Printer on fire")
		if p.url.Path != "/meetings/1" {
			t.Errorf("got %s, want the own meeting", p.url)
		}
	})
	t.Run("shown to a colleague", func(t *testing.T) {
		s.signIn(tomas).post("/meetings", s.form()).want(409, "Priya Nair")
	})
}

// TestBackFromGuard checks that returning to the form preserves the user's input, and that
// proposed values still count as proposed.
func TestBackFromGuard(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	b.post("/meetings", s.form()).want(200, "Created")
	s.signIn(dana).post("/meetings", s.form("external_id", "REQ5")).want(200, "Created")
	requests := len(s.graph.Requests())
	for _, ticket := range []string{"inc 0012345", "REQ5"} {
		for name, people := range map[string]string{"nobody": "", "one": tomas, "forty": manyPeople(40), "largest allowed number": manyPeople(meeting.MaxAttendees)} {
			form := fields(b.get("/meetings/new").want(200))
			form.Set("external_id", ticket)
			form.Set("attendees", people)
			form.Set("subject", "Typed & <kept>")
			p := b.post("/meetings", form).want(409, "Back to the form")
			back := formFields(p.doc.Find(`form:has([name="edit"])`))
			back.Set("edit", "1")
			p = b.post("/meetings", back).want(200, "New meeting")
			for field := range form {
				if got := fields(p).Get(field); strings.TrimSpace(got) != strings.TrimSpace(form.Get(field)) {
					t.Errorf("%s, %s: %s is %.80q, want %.80q", ticket, name, field, got, form.Get(field))
				}
			}
		}
	}
	if got := len(s.graph.Requests()) - requests; got != 0 {
		t.Errorf("Graph got %d requests, want none", got)
	}
}

// TestFormSentTwice checks that submitting a form twice creates one meeting and does
// not show the guard.
func TestFormSentTwice(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.get("/meetings/new?external_id=INC0012345&time_zone=Europe%2FLisbon").want(200))
	s.graph.SetLatency(100 * time.Millisecond)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { b.post("/meetings", form).want(200, "Created") })
	}
	wait.Wait()
	b.post("/meetings", form).want(200, "Created")
	if got := s.graph.MeetingCount(); got != 1 || len(record(t, s)) != 1 {
		t.Errorf("%d meetings at Graph and %d in the history, want 1", got, len(record(t, s)))
	}
}

// TestGuardShowsUnfinishedMeeting checks that submitting the same external ID again
// finishes an unfinished meeting, and that another spelling of the ID shows the guard.
func TestGuardShowsUnfinishedMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	drop := func() {
		for range 3 {
			s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
		}
	}
	drop()
	b.post("/meetings", s.form()).want(200, "Finish")
	b.post("/meetings", s.form("external_id", "inc-0012345")).want(409, "You have a meeting", "Not confirmed", "Open it")
	b.post("/meetings", s.form()).want(200, "Created")
	if got := s.graph.MeetingCount(); got != 1 {
		t.Errorf("%d meetings at Graph, want 1", got)
	}
	t.Run("refused attempt", func(t *testing.T) {
		s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
		b.post("/meetings", s.form("external_id", "REQ-1")).want(200, "Retry")
		b.post("/meetings", s.form("external_id", "req 1")).want(200, "Created")
	})
}

// TestGuardOrder checks the order of the guard's list: first the meeting with exactly the
// typed external ID, then future meetings by start time, then past meetings. The next
// future meeting, if any, has the primary button.
func TestGuardOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.signIn(dana)
	at := func(days int) string { return s.now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	for _, m := range []struct {
		id   string
		days int
	}{{"INC0012345~2", -2}, {"INC0012345~3", 9}, {"INC0012345~4", 2}, {"INC0012345", -5}, {"INC0012345~5", -30}} {
		d.post("/meetings", s.form("external_id", m.id, "date", at(m.days), "past", "1", "anyway", "1")).want(200, "Created")
	}
	rows := func(p *page) (ids []string) {
		for _, id := range p.doc.Find(".guard li .id").EachIter() {
			ids = append(ids, id.Text())
		}
		return ids
	}
	want := "INC0012345 INC0012345~4 INC0012345~3 INC0012345~2 INC0012345~5"
	b := s.signIn(priya)
	for name, p := range map[string]*page{
		"colleague's":   b.post("/meetings", s.form()).want(409),
		"own":           d.post("/meetings", s.form()).want(409),
		"script's":      b.ask("/meetings/new/guard?external_id=INC0012345").want(200),
		"ticket link's": b.get("/t/INC0012345").want(200),
	} {
		if got := strings.Join(rows(p), " "); got != want {
			t.Errorf("the %s list is %s, want %s", name, got, want)
		}
		if primary := p.doc.Find(".guard li:has(.primary) .id").Text(); primary != "INC0012345~4" {
			t.Errorf("the %s list has the primary button at %q, want the nearest future meeting", name, primary)
		}
		if over := strings.Count(p.doc.Find(".guard").Text(), "Past"); over != 3 {
			t.Errorf("the %s list marks %d meetings as over, want 3", name, over)
		}
	}
	s.SetAhead(40 * 24 * time.Hour)
	if primary := s.signIn(tomas).post("/meetings", s.form()).want(409).doc.Find("main .primary"); primary.Text() != "Create anyway" {
		t.Errorf("all meetings are over and the primary button is %q", primary.Text())
	}
}

// TestGuardForOrganizer checks that the guard shows the organizer's meetings to the help
// desk, and that each view is audited.
func TestGuardForOrganizer(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	s.signIn(priya).post("/meetings", s.form("subject", "Priya's own")).want(200, "Created")
	d := s.signIn(dana)
	for _, spelling := range []string{"inc 0012345", "#INC0012345", "INC-0012345", "inc_0012345"} {
		p := d.post("/meetings", s.form("external_id", spelling, "organizer", priyaID)).want(409, "Priya Nair has a meeting", "Priya's own", "Open it", "Create another (INC0012345~2)")
		if strings.Contains(p.text(), "Compare") {
			t.Errorf("%q: the page offers a comparison that would be refused:\n%s", spelling, p.text())
		}
		if got := strings.Count(strings.Join(audit(t, s), "\n"), "dana@contoso.example ticket.read 1 "+spelling); got != 1 {
			t.Errorf("%q: %d audit entries, want one", spelling, got)
		}
	}
	d.post("/meetings", s.form("external_id", "REQ7", "organizer", priyaID)).want(200, "Created")
	d.post("/meetings", s.form("external_id", "req 7", "organizer", priyaID)).want(409, "Priya Nair has a meeting", "Compare with what I entered")
}

// TestLinkToSecondMeeting checks that a link with a suffixed external ID opens the
// meeting with that ID or, if there is no such meeting, the form.
func TestLinkToSecondMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	b.post("/meetings", s.form("external_id", "INC0012345~3", "anyway", "1")).want(200, "Created")
	for ticket, want := range map[string]string{
		"INC0012345": "/meetings/1", "inc-0012345": "/meetings/2", "INC0012345~3": "/meetings/2", "inc 0012345~3": "/meetings/2",
		"INC0012345~2": "/meetings/new", "inc-0012345~4": "/meetings/new", "#INC0012345~9": "/meetings/new",
	} {
		if p := b.get("/t/" + url.PathEscape(ticket)).want(200); p.url.Path != want {
			t.Errorf("%s leads to %s, want %s", ticket, p.url, want)
		}
	}
}

// TestGuardBeforePastProposal checks that the guard is shown before the warning that a
// proposed start has passed.
func TestGuardBeforePastProposal(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	b.post("/meetings", s.form()).want(200, "Created")
	s.signIn(dana).post("/meetings", s.form("external_id", "REQ5")).want(200, "Created")
	form := fields(b.get("/meetings/new").want(200))
	s.SetAhead(95 * time.Minute)
	before := s.graph.MeetingCount()
	for ticket, want := range map[string]string{"inc 0012345": "You have a meeting", "INC0012345": "You have a meeting", "REQ5": "Dana Whitfield"} {
		form.Set("external_id", ticket)
		p := b.post("/meetings", form).want(409, want)
		anyway := formFields(p.doc.Find(`form:has([name="anyway"])`))
		b.post("/meetings", anyway).want(422, "in the past")
		if s.graph.MeetingCount() != before {
			t.Fatalf("%q: a meeting was created in the past without a warning", ticket)
		}
	}
	form.Set("external_id", "NEW-1")
	b.post("/meetings", form).want(422, "in the past")
	form.Set("start", "00:01")
	form.Set("date", "2020-01-01")
	form.Set("external_id", "INC0012345")
	b.post("/meetings", form).want(422, "in the past") // the start was typed, not proposed
}
