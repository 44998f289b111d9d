package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestEndedAccessShowsNothing checks that a person whose access has ended can neither find
// nor open the meeting, nor send forms from a page that is still open. The organizer can
// grant access again.
func TestEndedAccessShowsNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	where := b.post("/meetings", s.form("subject", "Weekly round")).want(200, "Created").url.Path
	m := newest(t, s, "INC0012345")
	handOver := s.form("external_id", "INC0012345")
	open := o.post(where+"/hand-over", handOver).want(200, "Weekly round", "with the ticket number")
	o.get("/").want(200, "Weekly round")
	question := b.get(b.get(where).want(200, "Tomás Oliveira", "with the ticket number").doc.Find(`main a[href*="end-access"]`).AttrOr("href", "")).want(200, "End this access?", "Tomás Oliveira (tomas@contoso.example)")
	o.get(where).want(200) // asking for confirmation does not end the access
	b.post(where+"/end-access", fieldsOf(question, "/end-access")).want(200, "ended by Priya Nair")
	for _, path := range []string{where, where + "/invitation.ics", where + "/qr.svg", where + "/edit", where + "/remove", where + "/end-access?person=2"} {
		if p := o.get(path).want(404); strings.Contains(p.body, "Weekly") {
			t.Errorf("%s shows the meeting", path)
		}
	}
	for _, action := range []string{"note", "sent", "take-back"} {
		form := url.Values{"note_text": {"A note"}, "signed_in_as": {identityOn(open)}}
		o.post(where+"/"+action, form).want(404)
	}
	for _, path := range []string{"/", "/history", "/history?q=weekly", "/history?q=" + url.QueryEscape(m.JoinMeetingID), "/history?q=" + url.QueryEscape(m.JoinURL),
		"/history?q=" + url.QueryEscape(s.url+where), "/history?q=INC0012345", "/history.csv", "/t/INC0012345", "/people?q=", "/meetings/new/guard?external_id=INC0012345"} {
		p := o.ask(path)
		if strings.Contains(p.body, "Weekly") || strings.Contains(p.body, m.JoinURL) && !strings.Contains(path, "q=") || strings.Contains(p.body, `href="`+where) || p.url.Path == where && p.status != 404 {
			t.Errorf("%s shows the meeting:\n%s", path, p.text())
		}
	}
	card := o.get("/t/INC0012345").want(200, "Your access to this meeting was ended", "Ask Priya Nair")
	if card.doc.Find(`form[action$="/hand-over"]`).Length() != 0 {
		t.Error("the ticket's page offers to use the meeting")
	}
	o.post(where+"/hand-over", handOver).want(403, "You can no longer use this meeting")
	b.post(where+"/end-access", fieldsOf(question, "/end-access")).want(200) // ending access is idempotent

	give := b.get(where).want(200, "ended by Priya Nair")
	b.post(where+"/give-access", fieldsOf(give, "/give-access")).want(200, "given by Priya Nair")
	o.get(where).want(200, "Weekly round", "given by Priya Nair")
	if rows := rowIDs(o.search("weekly").want(200)); len(rows) != 1 {
		t.Errorf("after it was given again, the search finds %v", rows)
	}
	leave := o.get(o.get(where).doc.Find(`main a[href*="end-access"]`).AttrOr("href", "")).want(200, "Give up your access?")
	if p := o.post(where+"/end-access", fieldsOf(leave, "/end-access")).want(200); p.url.Path != "/" {
		t.Errorf("giving up access leads to %s", p.url)
	}
	o.get(where).want(404)
	o.post(where+"/hand-over", handOver).want(200, "Weekly round")
}

// TestWhoSeesWhoHasAccess checks that people with access see only their own entry. The
// organizer, the help desk and administrators see all entries.
func TestWhoSeesWhoHasAccess(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withPeople(colleague))
	where := s.signIn(priya).post("/meetings", s.form("attendees", "")).want(200, "Created").url.Path
	for _, who := range []string{tomas, colleague.UPN} {
		s.signIn(who).post(where+"/hand-over", s.form()).want(200)
	}
	for _, tt := range []struct {
		who          string
		tomas, other bool // whether they see that Tomás (tomas) and Ana (other) have access
		end          int  // how many people's access they may end
	}{{priya, true, true, 2}, {dana, true, true, 0}, {alex, true, true, 2}, {tomas, false, false, 1}, {colleague.UPN, false, false, 1}} {
		p := s.signIn(tt.who).get(where).want(200)
		text := p.doc.Find("main .facts").Text()
		if got, other := strings.Contains(text, tomas), strings.Contains(text, colleague.UPN); got != tt.tomas || other != tt.other {
			t.Errorf("%s sees Tomás %v and Ana %v, want %v and %v", tt.who, got, other, tt.tomas, tt.other)
		}
		if n := p.doc.Find(`a[href*="end-access"]`).Length(); n != tt.end {
			t.Errorf("%s may end %d, want %d", tt.who, n, tt.end)
		}
	}
	s.signIn(dana).get(where+"/end-access?person=2").want(403, "You cannot end this access")
}

// TestSuccessorAsksForAccess checks that a replacement's page names the people who had
// access to the old meeting, and lets the organizer grant them access to the new one.
func TestSuccessorAsksForAccess(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	o.post(where+"/hand-over", s.form()).want(200)
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	p := b.post("/meetings", s.form("anyway", "1", "subject", "The next one")).want(200)
	if p.url.Path == where && p.status != 404 {
		t.Fatal("the meeting was not replaced")
	}
	o.get(p.url.Path).want(404)
	p = b.get(p.url.Path).want(200, "Tomás Oliveira could open that one, but not this one.")
	b.post(p.url.Path+"/give-access", fieldsOf(p, "/give-access")).want(200, "given by Priya Nair")
	o.get(p.url.Path).want(200, "The next one")
}
