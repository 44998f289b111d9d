package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// posts is how often Graph was asked to make or change something.
func posts(s *site) (n int) {
	for _, r := range s.graph.Requests() {
		if strings.Contains(r.Path, "/onlineMeetings") && r.Method != http.MethodGet {
			n++
		}
	}
	return n
}

// What a maker asked for and did not get stands in nobody's way, and is theirs
// alone to go on with.
func TestAnAttemptInAnOrganizersNameIsItsMakers(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d, a := s.signIn(dana), s.signIn(alex)
	refused := emulator.Failure{Status: 403, Code: "Forbidden"}
	s.graph.FailNext(createFor, refused)
	d.post("/meetings", s.form("organizer", priyaID)).want(200, "Retry")
	s.graph.FailNext(createFor, refused)
	where := a.post("/meetings", s.form("organizer", priyaID)).want(200, "Retry").url.Path
	m := newest(t, s, "INC0012345")
	if m.Maker.UPN != alex {
		t.Errorf("the maker is %s, want whose attempt stands for it now", m.Maker.UPN)
	}
	before := posts(s)
	a.post("/attempts/1/retry", nil).want(403, "Dana Whitfield")
	d.post("/attempts/1/retry", nil).want(403)
	a.post("/attempts/1/dismiss", nil).want(403)
	d.get(where + "/edit").want(403)
	if got := posts(s); got != before {
		t.Errorf("Graph was asked %d times more", got-before)
	}
	a.post("/attempts/2/retry", nil).want(200, "Created")
}

// The maker may ask for their own again: when it is live, and while it may be.
func TestAMakerAsksForTheirOwnAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	for range 3 {
		s.graph.FailNext(createFor, emulator.Failure{Drop: true, Apply: true})
	}
	d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish")
	s.signIn(alex).post("/meetings", s.form("organizer", priyaID)).want(409)
	d.post("/meetings", s.form("organizer", priyaID)).want(200, "Created")
	d.post("/meetings", s.form("anyway", "1", "organizer", priyaID, "subject", "Second thoughts")).want(200, "Found", "Second thoughts")
	if m := newest(t, s, "INC0012345"); m.State != meeting.Live || s.graph.MeetingCount() != 1 || len(attempts(t, s, m.ID)) != 3 {
		t.Errorf("it is %s with %d attempts, %d at Graph; want live with 3, and one", m.State, len(attempts(t, s, m.ID)), s.graph.MeetingCount())
	}
}

// A meeting is taken for the maker's own unanswered try only if it is what that
// try asked for: the organizer may have made one at the same moment.
func TestAnUnansweredTryForAnOrganizerIsNotMistaken(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"subject", "startDateTime", "endDateTime"} {
		t.Run(other, func(t *testing.T) {
			s := newSite(t, withOrganizers(priya))
			d := s.signIn(dana)
			for range 3 {
				s.graph.FailNext(createFor, emulator.Failure{Drop: true, Apply: true})
			}
			d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish")
			s.graph.ChangeMeeting(s.graph.Meetings()[0].ID, func(m map[string]any) {
				m[other] = map[string]any{"subject": "Priya's secret", "startDateTime": "2027-03-03T08:00:00Z", "endDateTime": "2027-03-03T23:00:00Z"}[other]
			})
			p := d.post(retryOf(t, s), nil).want(200, "already has a meeting")
			wantNothingOf(t, p)
			if m := newest(t, s, "INC0012345"); m.GraphID != "" || m.JoinURL != "" {
				t.Errorf("recorded %+v", m.Details)
			}
		})
	}
}

// Somebody else's unanswered try is no reason to take a meeting for one's own.
func TestAnUnansweredTryOfSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	o, d := s.signIn(priya), s.signIn(dana)
	for range 3 {
		s.graph.FailNext(createFor, emulator.Failure{Drop: true, Apply: true})
	}
	d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish")
	o.post("/meetings", s.form()).want(200, "Found")
	if m := newest(t, s, "INC0012345"); m.Origin != meeting.Found || m.Maker.UPN != priya {
		t.Errorf("origin %s, maker %s; want found by Priya, who made nothing", m.Origin, m.Maker.UPN)
	}
}

func TestEverythingDoneForAnotherIsAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	where := d.post("/meetings", s.form("organizer", priyaID, "record", "on")).want(200, "Created").url.Path
	d.post(where+"/refresh", nil).want(200)
	d.change(where, "Changed by Dana").want(200)
	d.post(where+"/remove", nil).want(200, "Removed")
	var got []string
	for _, line := range audit(t, s) {
		got = append(got, strings.TrimPrefix(line, "dana@contoso.example meeting.for 1 "))
	}
	want := "create, update record, refresh, update, remove"
	if strings.Join(got, ", ") != want {
		t.Errorf("the audit says\n%s, want\n%s", strings.Join(got, ", "), want)
	}
	t.Run("and nothing of what is done for oneself", func(t *testing.T) {
		before := len(audit(t, s))
		d.post("/meetings", s.form("external_id", "DANA-1")).want(200, "Created")
		if got := audit(t, s)[before:]; len(got) != 0 {
			t.Errorf("the audit says %q", got)
		}
	})
}

// An organizer who is taken off the list is acted for no longer.
func TestAnOrganizerTakenOffTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	d := s.signIn(dana)
	where := d.post("/meetings", s.form("organizer", priyaID)).want(200, "Created").url.Path
	s.store.Close()
	s.Settings.Organizers = []string{tomasID}
	s.reopen()
	d = s.signIn(dana)
	before := posts(s)
	if p := d.get(where).want(200); p.doc.Find(`a[href$="/edit"], form[action$="/refresh"]`).Length() != 0 {
		t.Errorf("a change is offered:\n%s", p.text())
	}
	d.get(where + "/edit").want(403)
	d.post(where+"/update", s.form("subject", "Too late")).want(403)
	d.post(where+"/refresh", nil).want(403)
	d.post(where+"/remove", nil).want(403)
	d.post("/meetings", s.form("organizer", priyaID, "external_id", "INC2")).want(422, "Choose one from the list")
	if got := posts(s); got != before {
		t.Errorf("Graph was asked %d times more", got-before)
	}
}

func TestWhoIsOfferedAsAnOrganizer(t *testing.T) {
	t.Parallel()
	names := func(p *page) (list []string) {
		for _, o := range p.doc.Find(`select[name="organizer"] option`).EachIter() {
			list = append(list, strings.Join(strings.Fields(o.Text()), " "))
		}
		return list
	}
	t.Run("by name, each once, and oneself first", func(t *testing.T) {
		s := newSite(t, withOrganizers(tomas, priyaID, priya, dana))
		got := names(s.signIn(dana).get("/meetings/new").want(200))
		if len(got) != 3 || !strings.Contains(got[1], "Priya") || !strings.Contains(got[2], "Tom") {
			t.Errorf("offered are %q, want oneself, Priya and Tomás", got)
		}
	})
	t.Run("a name that the directory did not tell is asked for again after a minute", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya, "later@contoso.example"))
		d := s.signIn(dana)
		asked := func() (n int) {
			for _, r := range s.graph.Requests() {
				if strings.Contains(r.Path, "later@") {
					n++
				}
			}
			return n
		}
		d.get("/meetings/new").want(200)
		d.get("/meetings/new").want(200)
		if got := asked(); got != 1 {
			t.Errorf("the directory was asked %d times within a minute, want once", got)
		}
		s.SetAhead(90 * time.Second)
		d.get("/meetings/new").want(200)
		if got := asked(); got != 2 {
			t.Errorf("the directory was asked %d times after a minute and a half, want twice", got)
		}
	})
	t.Run("an object ID does without the directory, unless the directory does not have it", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		s.store.Close()
		s.Settings.Organizers = []string{tomasID, "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8eff"}
		s.graph.FailNext("GET /users/{user}", emulator.Failure{Status: 403, Code: "Authorization_RequestDenied"})
		s.reopen()
		d := s.signIn(dana)
		if got := names(d.get("/meetings/new").want(200)); len(got) != 2 || !strings.Contains(got[1], tomasID) {
			t.Errorf("offered are %q, want oneself and the object ID of Tomás", got)
		}
		d.post("/meetings", s.form("organizer", tomasID)).want(200, "Created")
	})
}

// The guard is about whose meeting it is to be, not about who asks.
func TestTheGuardOfAMeetingForAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	s.signIn(tomas).post("/meetings", s.form()).want(200, "Created")
	d := s.signIn(dana)
	card := "/meetings/guard?" + url.Values{"external_id": {"INC0012345"}, "organizer": {priyaID}}.Encode()
	d.get(card).want(200, "Tomás Oliveira")
	d.post("/meetings", s.form("organizer", priyaID)).want(409, "Tomás Oliveira")
	d.post("/meetings", s.form("anyway", "1")).want(200, "Created") // Dana's own, which is not Priya's
	d.get(card).want(200, "Tomás Oliveira", "Dana Whitfield")
	p := d.post("/meetings", s.form("organizer", priyaID)).want(409, "Tomás Oliveira")
	form := formFields(p.doc.Find(`form:has([name="anyway"])`))
	d.post("/meetings", form).want(200, "Created", "Priya Nair", "Tomás Oliveira")
	d.get(card).want(200, "Priya Nair has a meeting", "Open it")
	if p := s.signIn(tomas).get(card); p.status != http.StatusForbidden {
		t.Errorf("staff ask for another organizer: status %d, want 403", p.status)
	}
}

func TestARemovedMeetingIsNoneOfTheTickets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d, b := s.signIn(dana), s.signIn(priya)
	where := d.post("/meetings", s.form()).want(200, "Created").url.Path
	d.post(where+"/remove", nil).want(200, "Removed")
	if p := b.get("/meetings/guard?external_id=INC0012345"); p.status != 204 {
		t.Errorf("the guard tells of a removed meeting: status %d", p.status)
	}
	if p := d.get("/t/INC0012345").want(200); p.url.Path != "/meetings/new" {
		t.Errorf("the ticket's address ends at %s, want the form", p.url)
	}
	b.post("/meetings", s.form()).want(200, "Created")
	if p := d.get("/meetings/guard?external_id=INC0012345"); p.status != 200 {
		t.Errorf("one's own removed meeting hides a colleague's: status %d", p.status)
	}
	for range 3 {
		s.graph.FailNext(createRoute, emulator.Failure{Drop: true})
	}
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC2")).want(200, "Finish")
	if p := b.get("/meetings/guard?external_id=INC2"); p.status != 204 {
		t.Errorf("the guard tells of a meeting that may not exist: status %d", p.status)
	}
}

func TestTheTicketOfSeveralMeetings(t *testing.T) {
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
		t.Errorf("%d meetings are told of, the first at %s; want 5, the exact one and then the next ones", cards.Length(), cards.First().AttrOr("action", ""))
	}
	for path, want := range map[string]string{"/t/INC0012345": "/meetings/1", "/t/INC0012345~3": "/meetings/3", "/t/inc-0012345": "/meetings/7"} {
		if p := d.get(path).want(200); p.url.Path != want {
			t.Errorf("%s ended at %s, want %s", path, p.url.Path, want)
		}
	}
}
