package web_test

import (
	"net/http"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestAdoptReplacesUnansweredAttempt covers a meeting that the organizer adopts after the
// help desk has tried to create it and received no response. The help desk gets no access
// to the adopted meeting.
func TestAdoptReplacesUnansweredAttempt(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	o, d := s.signIn(priya), s.signIn(dana)
	for range 3 {
		s.graph.FailNext(createFor, emulator.Failure{Drop: true})
	}
	where := d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish").url.Path
	_, link := atGraph(t, s, priya, "INC0012345", "Priya's secret")
	if p := o.adopt(link).want(200, "Priya's secret"); p.url.Path != where {
		t.Fatalf("got %s, want the unfinished meeting's page %s", p.url.Path, where)
	}
	before := posts(s)
	d.get(where + "/edit").want(403)
	d.post("/attempts/1/retry", nil).want(403)
	wantNoSecret(t, d.post("/meetings", s.form("organizer", priyaID)).want(409, "already has a meeting"))
	if got := posts(s); got != before {
		t.Errorf("Graph got %d more requests, want none", got-before)
	}
}

// TestAdoptedMeetingIsHiddenFromFormerMaker covers a meeting that its organizer adopted
// after Dana's attempt. Dana's home page does not list the meeting, and without the
// help-desk role she cannot view it.
func TestAdoptedMeetingIsHiddenFromFormerMaker(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	o, d := s.signIn(priya), s.signIn(dana)
	for range 3 {
		s.graph.FailNext(createFor, emulator.Failure{Drop: true})
	}
	d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish")
	_, link := atGraph(t, s, priya, "INC0012345", "Priya's secret")
	o.adopt(link).want(200, "Priya's secret")
	wantNoSecret(t, d.get("/").want(200))

	inDatabase(t, s, `UPDATE users SET role = 'staff' WHERE upn = $1`, dana)
	d.get("/meetings/1").want(404)
	wantNoSecret(t, d.get("/history").want(200))
	wantNoSecret(t, d.get("/history?q=secret").want(200))
	d.get("/t/INC0012345").want(200) // opens the form, not the meeting
}

func TestInvalidOrganizer(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		options   []siteOption
		organizer string
		want      string
	}{
		"application mode is off":      {nil, priyaID, "Choose yourself"},
		"not listed":                   {[]siteOption{withOrganizers(priya)}, tomasID, "Choose one from the list"},
		"not in the directory":         {[]siteOption{withOrganizers(priya, "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8eff")}, "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8eff", "Choose one from the list"},
		"UPN instead of the object ID": {[]siteOption{withOrganizers(priya)}, priya, "Choose one from the list"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, tt.options...)
			s.signIn(dana).post("/meetings", s.form("organizer", tt.organizer)).want(422, tt.want)
			wantNothingSent(t, s)
		})
	}
}

// TestComparisonEnds checks that the page stops comparing a meeting with the user's input
// once the meeting has been refreshed or removed.
func TestComparisonEnds(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	compared := func(p *page) bool { return p.doc.Find(".asked").Length() > 0 }
	if p := b.post("/meetings", s.form("anyway", "1", "subject", "Second thoughts")).want(200, "Found"); !compared(p) {
		t.Errorf("the page does not show what Graph ignored:\n%s", p.text())
	}
	if p := b.post("/meetings/1/refresh", nil).want(200); compared(p) {
		t.Errorf("the refreshed meeting is still compared:\n%s", p.text())
	}
	b.post("/meetings", s.form("anyway", "1", "subject", "Third thoughts")).want(200, "Found")
	if p := b.post("/meetings/1/remove", nil).want(200, "Removed"); compared(p) {
		t.Errorf("the removed meeting is still compared:\n%s", p.text())
	}
	where := b.post("/meetings", s.form("external_id", "OLD", "date", "2026-03-03", "past", "1")).want(200, "past").url.Path
	if p := b.post(where+"/remove", nil).want(200, "Removed"); strings.Contains(p.text(), "in the past") {
		t.Errorf("the page warns of the start of a removed meeting:\n%s", p.text())
	}

	t.Run("failed option", func(t *testing.T) {
		s.graph.FailNext(patchRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
		if p := b.post("/meetings", s.form("external_id", "INC2", "record", "on")).want(200, "Retry"); compared(p) {
			t.Errorf("the page shows both the failed attempt and a comparison:\n%s", p.text())
		}
	})
}

func TestAdoptFailureIsLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(findRoute, emulator.Failure{Status: 403, Code: "Forbidden", Message: "not-for-people"})
	p := b.adopt("https://teams.microsoft.com/x").want(422, "belongs to somebody else")
	if strings.Contains(p.body, "not-for-people") {
		t.Errorf("the page shows Graph's message:\n%s", p.text())
	}
	for line := range strings.Lines(s.Log.String()) {
		if strings.Contains(line, "path=/meetings/adopt") && strings.Contains(line, "error=") {
			return
		}
	}
	t.Errorf("the log line of the request has no error:\n%s", s.Log.String())
}

func TestLostRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	inDatabase(t, s, `UPDATE users SET role = 'none' WHERE upn = $1`, priya)
	before := len(s.graph.Requests())
	for _, path := range []string{"/", where, where + "/edit", "/history", "/t/INC0012345", "/meetings/new/guard?external_id=INC0012345", "/people?q=tomas"} {
		b.ask(path).want(http.StatusForbidden)
	}
	for _, path := range []string{where + "/update", where + "/remove", where + "/refresh", where + "/hand-over", "/attempts/1/dismiss", "/meetings"} {
		b.post(path, s.form()).want(http.StatusForbidden)
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d more requests, want none", got-before)
	}
}
