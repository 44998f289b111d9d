package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// posts returns the number of requests to Graph that create, change or remove a meeting.
func posts(s *site) (n int) {
	for _, r := range s.graph.Requests() {
		if strings.Contains(r.Path, "/onlineMeetings") && r.Method != http.MethodGet {
			n++
		}
	}
	return n
}

// When the help desk creates a meeting for an organizer, the guard offers to open the
// organizer's meetings. For other meetings, it names the organizers.
func TestGuardForAnotherOrganizer(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	d := s.signIn(dana)
	card := "/meetings/new/guard?" + url.Values{"external_id": {"INC0012345"}, "organizer": {priyaID}}.Encode()
	d.ask(card).want(200, "Tomás Oliveira")
	d.post("/meetings", s.form("organizer", priyaID)).want(409, "Tomás Oliveira")
	d.post("/meetings", s.form("anyway", "1")).want(200, "Created") // Dana is the organizer
	d.ask(card).want(200, "Tomás Oliveira", "Dana Whitfield")
	p := d.post("/meetings", s.form("organizer", priyaID)).want(409, "Tomás Oliveira")
	form := formFields(p.doc.Find(`form:has([name="anyway"])`))
	d.post("/meetings", form).want(200, "Created", "Priya Nair", "Tomás Oliveira")
	d.ask(card).want(200, "Priya Nair has a meeting", "Open it")
	if p := s.signIn(tomas).ask(card); p.status != http.StatusForbidden {
		t.Errorf("the guard answers staff about another organizer: status %d, want 403", p.status)
	}
}

func TestGuardIgnoresRemovedMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	d, b := s.signIn(dana), s.signIn(priya)
	where := d.post("/meetings", s.form()).want(200, "Created").url.Path
	d.post(where+"/remove", nil).want(200, "Removed")
	if p := b.ask("/meetings/new/guard?external_id=INC0012345"); p.status != 204 {
		t.Errorf("the guard shows a removed meeting: status %d, want 204", p.status)
	}
	if p := d.get("/t/INC0012345").want(200); p.url.Path != "/meetings/new" {
		t.Errorf("the ticket link leads to %s, want the new meeting form", p.url)
	}
	b.post("/meetings", s.form()).want(200, "Created")
	if p := d.ask("/meetings/new/guard?external_id=INC0012345"); p.status != 200 {
		t.Errorf("a removed meeting of one's own hides a colleague's meeting from the guard: status %d, want 200", p.status)
	}
	for range 3 {
		s.graph.FailNext(createRoute, emulator.Failure{Drop: true})
	}
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC2")).want(200, "Finish")
	if p := b.ask("/meetings/new/guard?external_id=INC2"); p.status != 204 {
		t.Errorf("the guard shows a meeting that may not exist: status %d, want 204", p.status)
	}
}

func TestTicketWithSeveralMeetings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	d, b := s.signIn(dana), s.signIn(priya)
	for i := range 7 {
		id := "INC0012345"
		if i > 0 {
			id = fmt.Sprint(id, "~", i+1)
		}
		d.post("/meetings", s.form("external_id", id, "date", fmt.Sprintf("2027-03-%02d", i+1))).want(200, "Created")
	}
	cards := b.get("/t/INC0012345").want(200).doc.Find(`form[action$="/hand-over"]`)
	if cards.Length() != 5 || cards.First().AttrOr("action", "") != "/meetings/1/hand-over" || cards.Last().AttrOr("action", "") != "/meetings/5/hand-over" {
		t.Errorf("the page shows %d meetings and the first is %s; want 5, the exact match first and then the earliest", cards.Length(), cards.First().AttrOr("action", ""))
	}
	for path, want := range map[string]string{"/t/INC0012345": "/meetings/1", "/t/INC0012345~3": "/meetings/3", "/t/inc-0012345": "/meetings/7"} {
		if p := d.get(path).want(200); p.url.Path != want {
			t.Errorf("%s leads to %s, want %s", path, p.url.Path, want)
		}
	}
}
