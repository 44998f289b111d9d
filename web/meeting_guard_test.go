package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/testenv"
)

func TestDuplicateGuard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(dana).post("/meetings", s.form("subject", "Dana's subject")).want(200)
	b := s.signIn(priya)
	m := newest(t, s, "INC0012345")
	day := m.Start.Format("2 Jan 2006")
	for _, spelling := range []string{"INC0012345", "inc-0012345", "#INC 0012345"} {
		p := b.post("/meetings", s.form("external_id", spelling, "subject", "Mine"))
		p.want(409, "Dana Whitfield", "INC0012345", day, "10:00–10:30", "Ready", "Use this one", "Create anyway")
		for _, secret := range []string{"Dana's subject", "Dana&#39;s subject", "teams.microsoft.com", m.JoinMeetingID, m.Passcode} {
			if strings.Contains(p.body, secret) {
				t.Errorf("%s: the guard reveals %q:\n%s", spelling, secret, p.text())
			}
		}
	}
	if got := s.graph.MeetingCount(); got != 1 || len(record(t, s)) != 1 {
		t.Fatalf("%d meetings at Graph and %d in the history, want only Dana's", got, len(record(t, s)))
	}
	t.Run("exact ticket only", func(t *testing.T) {
		for _, other := range []string{"INC001234", "INC00123456", "NC0012345", "INC012345", "INC00-12345"} {
			b.post("/meetings", s.form("external_id", other)).want(200, "Created")
		}
	})
	t.Run("create anyway", func(t *testing.T) {
		sent := s.form("subject", "Mine", "attendees", "tomas@contoso.example\nalex@contoso.example", "record", "on")
		p := b.post("/meetings", sent)
		form := formFields(p.doc.Find(`form:has([name="anyway"])`))
		for name := range sent {
			if strings.TrimSpace(form.Get(name)) != strings.TrimSpace(sent.Get(name)) {
				t.Errorf("the field %s should have %q, and has %q", name, sent.Get(name), form.Get(name))
			}
		}
		b.post("/meetings", form).want(200, "Created", "Mine")
		if m := newest(t, s, "INC0012345"); m.Organizer.UPN != priya || len(m.Attendees) != 2 || m.Options.Record != "on" {
			t.Errorf("stored for %s with %d people, want Priya's with 2", m.Organizer.UPN, len(m.Attendees))
		}
	})
	t.Run("find one's own meeting anyway", func(t *testing.T) {
		b.post("/meetings", s.form("anyway", "1")).want(200, "Found")
	})
}

func TestUseColleaguesMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(dana).post("/meetings", s.form("subject", "Dana's subject")).want(200)
	b := s.signIn(priya)
	b.get("/meetings/1").want(404)
	p := b.post("/meetings", s.form())
	use := p.doc.Find(`form[action="/meetings/1/hand-over"]`)
	p = b.post("/meetings/1/hand-over", formFields(use)).want(200, "Dana's subject", "Join", "Copy link", "Invitation")
	if p.url.Path != "/meetings/1" {
		t.Errorf("got %s, want the meeting's page", p.url)
	}
	if strings.Contains(p.body, "client-request-id") || p.doc.Find(`form[action*="/attempts/"], a[href$="/edit"], form[action$="/refresh"]`).Length() != 0 {
		t.Errorf("the page has more than the kit:\n%s", p.text())
	}
	b.get("/meetings/1/edit").want(403)
	b.get("/").want(200, "Dana's subject")
	b.get("/history?q=INC0012345").want(200, "Dana's subject")
	b.get("/t/INC0012345").want(200, "Dana's subject")
	if got := strings.Join(audit(t, s), "\n"); !strings.Contains(got, "priya@contoso.example meeting.hand_over 1") {
		t.Errorf("the audit has\n%s", got)
	}
}

func TestGuardCard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(dana).post("/meetings", s.form("subject", "Dana's subject")).want(200)
	b := s.signIn(priya)
	p := b.ask("/meetings/new/guard?external_id=inc0012345").want(200, "Dana Whitfield", "Use this one")
	if p.doc.Find("head title, main").Length() != 0 || strings.Contains(p.body, "subject") {
		t.Errorf("the response is more than the card:\n%s", p.body)
	}
	if p := b.ask("/meetings/new/guard?external_id=INC1"); p.status != 204 || p.body != "" {
		t.Errorf("status %d, want 204 without a body", p.status)
	}
	b.ask("/meetings/new/guard?" + url.Values{"external_id": {strings.Repeat("x", 5000)}}.Encode()).want(204)
	s.signIn(dana).ask("/meetings/new/guard?external_id=inc-0012345").want(200, "You have a meeting", "Open it", "Create another (INC0012345~2)")
}

func TestTicketLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "CHG-2231/4", "subject", "Own")).want(200)
	s.signIn(dana).post("/meetings", s.form("subject", "Dana's subject")).want(200)
	for path, want := range map[string]string{
		"/t/CHG-2231/4": "Own", "/t/chg%202231-4": "Own", "/t/INC0012345": "Dana Whitfield", "/t/REQ-77": "REQ-77",
	} {
		if p := b.get(path).want(200); !strings.Contains(p.body, want) || strings.Contains(p.body, "Dana's subject") {
			t.Errorf("%s shows\n%s", path, p.text())
		}
	}
	form := fields(b.get("/t/REQ-77?subject=From+the+ticket&attendee=tomas@contoso.example").want(200))
	if form.Get("external_id") != "REQ-77" || form.Get("subject") != "From the ticket" || !strings.Contains(form.Get("attendees"), "tomas@") {
		t.Errorf("the form has %v, want the link's values", form)
	}
	if len(record(t, s)) != 2 || s.graph.MeetingCount() != 2 {
		t.Error("a link created a meeting")
	}
}

func TestGuardIsLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("tickets", 30))
	s.signIn(dana).post("/meetings", s.form("subject", "Dana's subject")).want(200)
	b, other := s.signIn(priya), s.signIn(tomas)
	shown := 0
	for range 60 {
		if b.ask("/meetings/new/guard?external_id=INC0012345").status == 200 {
			shown++
		}
	}
	if shown < 20 || shown > 40 {
		t.Errorf("the guard was shown %d times, want about 30", shown)
	}
	b.get("/t/INC0012345").want(429, "Wait a moment")
	b.post("/meetings/1/hand-over", url.Values{"external_id": {"INC0012345"}}).want(429)
	p := b.post("/meetings", s.form("subject", "Typed"))
	p.want(429)
	q := b.post("/meetings", s.form("external_id", "NOBODYS-1", "subject", "Typed"))
	q.want(429) // the status must not depend on whether a meeting exists
	for _, p := range []*page{p, q} {
		if strings.Contains(p.text(), "Dana") || !strings.Contains(p.body, "Typed") {
			t.Errorf("the page names somebody, or lost what was typed:\n%s", p.text())
		}
	}
	other.ask("/meetings/new/guard?external_id=INC0012345").want(200, "Dana Whitfield")
	s.SetAhead(61 * time.Minute)
	b.ask("/meetings/new/guard?external_id=INC0012345").want(200, "Dana Whitfield")
}

// If two colleagues submit the form for the same ticket concurrently, one gets a meeting
// and the other gets the guard page.
func TestGuardAtTheSameMoment(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.graph.SetLatency(100 * time.Millisecond)
	pages := make([]*page, 2)
	var both sync.WaitGroup
	for i, upn := range []string{priya, tomas} {
		b := s.signIn(upn)
		both.Go(func() { pages[i] = b.post("/meetings", s.form("subject", "Typed by "+upn)) })
	}
	both.Wait()
	if pages[0].status != http.StatusConflict {
		pages[0], pages[1] = pages[1], pages[0]
	}
	pages[0].want(http.StatusConflict, "Use this one")
	pages[1].want(http.StatusOK, "Created")
	if typed := pages[0].doc.Find(`input[name="subject"]`).AttrOr("value", ""); !strings.HasPrefix(typed, "Typed by ") {
		t.Errorf("the guard page lost the subject: %q", typed)
	}
	if n := s.graph.MeetingCount(); n != 1 {
		t.Errorf("Graph has %d meetings, want 1", n)
	}
}
