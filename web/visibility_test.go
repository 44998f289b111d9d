package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestReplacementVisibility checks that people to whom a replaced meeting was handed over
// cannot see the new meeting. The help desk member who created the old meeting cannot
// change the new one.
func TestReplacementVisibility(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d, o, h := s.signIn(dana), s.signIn(priya), s.signIn(tomas)
	old := d.post("/meetings", s.form("organizer", priyaID)).want(200, "Created").url.Path
	h.post(old+"/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200)
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)

	where := o.post("/meetings", s.form("anyway", "1", "subject", "Priya's secret")).want(200, "Created").url.Path
	if m := newest(t, s, "INC0012345"); where == old || m.Maker.UPN != priya {
		t.Fatalf("got %s with maker %s, want a new page with maker Priya", where, m.Maker.UPN)
	}
	h.get(where).want(404)
	wantNoSecret(t, h.get("/").want(200))
	d.get(where + "/edit").want(403)
	wantNoSecret(t, d.get("/").want(200))

	t.Run("maker of the new meeting", func(t *testing.T) {
		old := d.post("/meetings", s.form("organizer", priyaID, "external_id", "INC2")).want(200, "Created").url.Path
		s.graph.RemoveMeeting(newest(t, s, "INC2").GraphID)
		where := d.post("/meetings", s.form("anyway", "1", "organizer", priyaID, "external_id", "INC2")).want(200, "Created").url.Path
		if where == old {
			t.Fatal("the old meeting was overwritten")
		}
		d.change(where, "Changed by Dana").want(200, "Changed by Dana")
	})
}

// TestFailedMeetingStaysVisible checks that organizers still see their failed meeting after
// another user has tried to create it.
func TestFailedMeetingStaysVisible(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	o, d := s.signIn(priya), s.signIn(dana)
	refused := emulator.Failure{Status: 403, Code: "Forbidden"}
	for range 2 {
		s.graph.FailNext(createRoute, refused)
		o.post("/meetings", s.form()).want(200, "Retry")
	}
	s.graph.FailNext(createFor, refused)
	where := d.post("/meetings", s.form("organizer", priyaID)).want(200, "Retry").url.Path
	o.get(where).want(200, "Printer on fire")
	o.get("/history?q=printer").want(200, "INC0012345")
}

func TestHomeListsOwnMeetings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, h := s.signIn(priya), s.signIn(tomas)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form("external_id", "INC2", "subject", "Refused")).want(200, "Retry")
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	h.post(where+"/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200)
	if p := h.get("/").want(200, "Printer on fire"); strings.Contains(p.text(), "Refused") {
		t.Errorf("home lists somebody else's attempt:\n%s", p.text())
	}
	s.SetAhead(3 * time.Hour) // three hours later, the session has not ended yet
	inDatabase(t, s, `UPDATE meetings SET start_at = $1, end_at = $2`, s.now().Add(-time.Hour).UnixMilli(), s.now().Add(-time.Minute).UnixMilli())
	for _, who := range []*browser{b, h} {
		if p := who.get("/").want(200); strings.Contains(p.text(), "Printer on fire") {
			t.Errorf("home lists a meeting that has ended:\n%s", p.text())
		}
	}
	inDatabase(t, s, `UPDATE meetings SET end_at = $1`, s.now().Add(time.Hour).UnixMilli())
	b.post(where+"/remove", nil).want(200, "Removed")
	if p := h.get("/").want(200); strings.Contains(p.text(), "Printer on fire") {
		t.Errorf("home lists a meeting that was removed:\n%s", p.text())
	}
}

func TestAnotherMeetingForTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	another := func(p *page) string {
		return formFields(p.doc.Find(`form:contains("Another meeting")`)).Get("external_id")
	}
	d, b := s.signIn(dana), s.signIn(priya)
	d.post("/meetings", s.form()).want(200, "Created")
	d.post("/meetings", s.form("external_id", "INC0012345~2")).want(200, "Created")
	if got := another(b.post("/meetings", s.form("anyway", "1")).want(200, "Created")); got != "INC0012345~2" {
		t.Errorf("proposed %q, want INC0012345~2, since Dana's meetings do not count", got)
	}
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	if got := another(b.post("/meetings", s.form("external_id", "INC2")).want(200, "Retry")); got != "" {
		t.Errorf("proposed %q although the first external ID is still free", got)
	}
}

// TestGuardPageIsLimited checks that the limit on look-ups by ticket also applies to the
// guard page, which reveals other people's meetings.
func TestGuardPageIsLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("tickets", 30))
	s.signIn(dana).post("/meetings", s.form()).want(200)
	b := s.signIn(priya)
	shown := 0
	for range 60 {
		if b.post("/meetings", s.form()).status == 409 {
			shown++
		}
	}
	if shown < 25 || shown > 40 {
		t.Errorf("the guard page was shown %d times, want about 30", shown)
	}
	if got := len(record(t, s)); got != 1 {
		t.Errorf("%d meetings are recorded, want only Dana's", got)
	}
	b.post("/meetings", s.form("anyway", "1")).want(200, "Created") // the limit does not apply to requests that skip the guard
}

// TestSeparateLimits checks that searches for people do not count against the guard's limit.
func TestSeparateLimits(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withScopes(basicScope), withLimit("tickets", 30))
	s.signIn(dana).post("/meetings", s.form()).want(200)
	b := s.signIn(priya)
	for i := range 60 {
		b.ask(fmt.Sprint("/people?q=x", i))
	}
	b.ask("/meetings/new/guard?external_id=INC0012345").want(200, "Dana Whitfield")
}

func TestHelpDeskIsOfferedHistory(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	offered := func(upn string) int {
		return s.signIn(upn).get("/t/INC0012345").want(200, "Priya Nair").doc.Find(`main a[href^="/history"]`).Length()
	}
	if offered(dana) != 1 || offered(tomas) != 0 {
		t.Errorf("the help desk sees %d links to the history and staff %d, want 1 and 0", offered(dana), offered(tomas))
	}
}

// TestHelpDeskPageAfterHandOver checks that handing a meeting over to a help desk member does
// not change the headings that this member sees on the meeting's page.
func TestHelpDeskPageAfterHandOver(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	d := s.signIn(dana)
	before := d.get("/meetings/1").want(200).doc.Find("main h2").Text()
	d.post("/meetings/1/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200)
	if after := d.get("/meetings/1").want(200).doc.Find("main h2").Text(); after != before {
		t.Errorf("the page has the headings %q, want %q as before", after, before)
	}
}

// TestOrganizersColleagues checks that a meeting's page lists the meetings that the
// organizer's colleagues have for the ticket, not those of the reader's colleagues.
func TestOrganizersColleagues(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	d.post("/meetings", s.form("anyway", "1")).want(200, "Created")
	p := d.post("/meetings", s.form("organizer", priyaID, "anyway", "1")).want(200, "Created", "Tomás Oliveira")
	cards := p.doc.Find(`form[action$="/hand-over"]`)
	if cards.Length() != 2 || cards.Filter(`[action^="`+p.url.Path+`/"]`).Length() != 0 {
		t.Errorf("the page has %d of Priya's colleagues, want Tomás and Dana:\n%s", cards.Length(), p.text())
	}
}

func TestJoinLinkSurvivesSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	nobody := s.browser()
	link := "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"
	p := s.pick(nobody, nobody.get(signInLink(nobody.post("/meetings/adopt", url.Values{"join_url": {link}}).want(401))), priya).want(200)
	field := p.doc.Find(`[name="join_url"]`)
	if p.url.Path != "/meetings/adopt" || field.AttrOr("value", field.Text()) != link {
		t.Errorf("got %s with %q, want the adopt page with the join link", p.url, field.AttrOr("value", field.Text()))
	}
}

func TestUpdateLooksUpPeople(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b := s.signIn(priya)
	lookUps := func() (n int) {
		for _, r := range s.graph.Requests() {
			if strings.HasPrefix(r.Path, "/v1.0/users/") {
				n++
			}
		}
		return n
	}
	where := b.post("/meetings", s.form("attendees", "dana@contoso.example")).want(200).url.Path
	before := lookUps()
	form := fields(b.get(where + "/edit").want(200))
	form.Set("attendees", form.Get("attendees")+"TOMAS@contoso.example presenter\n")
	form.Set("presenters", "") // "" leaves the option unchanged
	b.post(where+"/update", form).want(200, "Tomás Oliveira")
	m := newest(t, s, "INC0012345")
	if len(m.Attendees) != 2 || m.Attendees[1].ObjectID != tomasID || m.Attendees[0].ObjectID != danaID {
		t.Errorf("the people are %+v, want Dana and Tomás with their object IDs", m.Attendees)
	}
	if got := lookUps() - before; got != 1 {
		t.Errorf("%d look-ups in the directory, want one for Tomás", got)
	}
	if m.Options.Presenters != meeting.PresentersByRole {
		t.Errorf("presenters %q, want the option that gives the presenter role an effect", m.Options.Presenters)
	}

	t.Run("many people", func(t *testing.T) {
		before := lookUps()
		b.post("/meetings", s.form("external_id", "INC2", "attendees", manyPeople(130))).want(200)
		if got := lookUps() - before; got > 100 {
			t.Errorf("%d look-ups in the directory, want at most 100", got)
		}
	})
	t.Run("long search text", func(t *testing.T) {
		b.ask("/people?" + url.Values{"q": {strings.Repeat("x", 500)}}.Encode()).want(200)
		last := s.graph.Requests()[len(s.graph.Requests())-1]
		if n := strings.Count(fmt.Sprint(last), "x"); n > 300 {
			t.Errorf("the directory got about %d characters, want at most 300", n)
		}
	})
}

func TestUnchangeableFieldsAreNotOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta, withOrganizers(priya))
	d := s.signIn(dana)
	where := d.post("/meetings", s.form("thread_id", channelThread)).want(200, "Created").url.Path
	if p := d.get(where + "/edit").want(200); p.doc.Find(`[name="organizer"], [name="thread_id"]`).Length() != 0 {
		t.Error("the form has a field for the organizer or the channel")
	}
	d.change(where, "Renamed").want(200, "Renamed")
	for _, body := range bodies(s, "PATCH") {
		if strings.Contains(body, "chatInfo") {
			t.Errorf("Graph got %s, want no chatInfo", body)
		}
	}
	wantProblem(t, d.post("/meetings", s.form("external_id", "INC3", "thread_id", "19:a\x07b@thread.tacv2")).want(422), "thread_id", "")
	wantProblem(t, d.post("/meetings", s.form("external_id", "INC3", "thread_id", "19:abc@thread.")).want(422), "thread_id", "")
}

func TestRetryIsOfferedToItsMaker(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	s.graph.FailNext(patchRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.change(where, "Refused").want(200, "Retry")
	retries := b.get(where).doc.Find(`form[action$="/retry"]`)
	if retries.Length() != 1 || retries.AttrOr("action", "") != "/attempts/2/retry" {
		t.Errorf("the page offers %d retries, want one for the refused change", retries.Length())
	}
	if n := s.signIn(dana).get(where).want(200).doc.Find(`form[action*="/attempts/"]`).Length(); n != 0 {
		t.Errorf("the help desk is offered %d buttons for another person's attempts, want none", n)
	}
}

// TestHelpDeskGetsNoAdvice checks that a meeting's page shows advice and the buttons that
// change the meeting only to people who may change it.
func TestHelpDeskGetsNoAdvice(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	where := s.signIn(priya).post("/meetings", s.form("anyway", "1")).want(200, "Created", "Tomás Oliveira").url.Path
	p := s.signIn(dana).get(where).want(200)
	if p.doc.Find(`.actions li:not(.left) form:contains("Another meeting"), .guard, main form:not(.notes form, .sent form, .left form)`).Length() != 0 {
		t.Errorf("the page offers what only the organizer can do:\n%s", p.text())
	}
}
