package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// inTeams changes the meeting directly in Graph, as Teams would.
func (s *site) inTeams(change func(m map[string]any)) {
	s.t.Helper()
	if !s.graph.ChangeMeeting(newest(s.t, s, "INC0012345").GraphID, change) {
		s.t.Fatal("Graph does not know the meeting")
	}
}

// TestChangeInTeamsIsShown checks that, if the meeting was changed in Teams, the desk shows
// that change instead of overwriting it.
func TestChangeInTeamsIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	s.inTeams(func(m map[string]any) {
		m["startDateTime"], m["endDateTime"] = "2031-01-01T10:00:00Z", "2031-01-01T11:00:00Z"
	})
	b.change(where, "Mine").want(200, "changed somewhere else", "Before", "Now")
	if got := s.graph.Meetings()[0].Document["startDateTime"]; !strings.HasPrefix(fmt.Sprint(got), "2031") {
		t.Errorf("Graph's start is %s, which is not the one from Teams", got)
	}
	b.post(retryOf(t, s), nil).want(200, "Changed", "Mine")
}

func TestOutdatedForm(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	older := fields(b.get(where + "/edit"))
	newer := fields(b.get(where + "/edit"))
	newer.Set("lobby", "organizer")
	b.post(where+"/update", newer).want(200)
	older.Set("record", "on")
	b.post(where+"/update", older).want(409)
	if m := newest(t, s, "INC0012345"); m.Options.Lobby != "organizer" || m.Options.Record != "off" {
		t.Errorf("the options are %+v, want only the newer form's", m.Options)
	}

	t.Run("after the session ended", func(t *testing.T) {
		b.change(where, "Changed in another window").want(200)
		older.Set("subject", "Typed")
		visitor := s.browser()
		p := visitor.post(where+"/update", older).want(401)
		form := fields(s.pick(visitor, visitor.get(signInLink(p)), priya).want(200, "This was not sent"))
		if form.Get("base_reply") != older.Get("base_reply") {
			t.Errorf("the form is based on reply %s, want %s as before", form.Get("base_reply"), older.Get("base_reply"))
		}
	})
	t.Run("same form twice", func(t *testing.T) {
		form := fields(b.get(where + "/edit"))
		form.Set("record", "on")
		b.post(where+"/update", form).want(200)
		before := len(s.graph.Requests())
		b.post(where+"/update", form).want(200)
		if got := len(s.graph.Requests()); got != before {
			t.Errorf("Graph got %d more requests, want none", got-before)
		}
	})
}

// TestOrganizersMeetingStaysPrivate checks that Dana, who has left the help desk, cannot
// view a meeting that Priya adopted. It also checks that an unfinished attempt blocks the
// attempts of other people until it is dismissed.
func TestOrganizersMeetingStaysPrivate(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	drop := func(s *site, route string) {
		for range 3 {
			s.graph.FailNext(route, emulator.Failure{Drop: true})
		}
	}
	t.Run("adopted by the organizer", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		_, link := atGraph(t, s, priya, "INC0012345", "Priya's secret")
		d := s.signIn(dana)
		d.post("/meetings", s.form("organizer", priyaID)).want(200, "already has a meeting")
		s.signIn(priya).post("/meetings/adopt", url.Values{"join_url": {link}}).want(200, "Priya's secret")
		inDatabase(t, s, `UPDATE users SET role = 'staff' WHERE upn = $1`, dana)
		for _, path := range []string{"/", "/history", "/history?q=secret", "/t/INC0012345"} {
			wantNoSecret(t, d.get(path))
		}
		d.get("/meetings/1").want(404)
		if m := newest(t, s, "INC0012345"); m.Maker.UPN != priya {
			t.Errorf("the maker is %s, want Priya", m.Maker.UPN)
		}
	})
	t.Run("unfinished attempt of somebody else", func(t *testing.T) {
		s := newSite(t, withOrganizers(priya))
		d, a := s.signIn(dana), s.signIn(alex)
		drop(s, createFor)
		d.post("/meetings", s.form("organizer", priyaID)).want(200, "Finish")
		a.post("/meetings", s.form("organizer", priyaID)).want(409, "Dana Whitfield asked", "may exist")
		d.post("/attempts/1/dismiss", nil).want(200)
		a.post("/meetings", s.form("organizer", priyaID)).want(200, "Created")
	})
}

func TestPresenterRolesWithoutEffect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	wantProblem(t, b.post("/meetings", s.form("attendees", "tomas@contoso.example presenter", "presenters", "organizer")).want(422), "presenters", "")
	wantNothingSent(t, s)
}

func TestBusyPageKeepsForm(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(2*time.Second))
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fields(b.get(where + "/edit"))
	form.Set("subject", "Typed")
	unlock, err := s.desk.LockMeeting(t.Context(), 1, "INC0012345", time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if got := fields(b.post(where+"/update", form).want(503)); got.Get("subject") != "Typed" {
		t.Errorf("the subject is %q, want the one that was typed", got.Get("subject"))
	}
}

func TestFormWithoutPeopleField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fields(b.get(where + "/edit"))
	form.Del("attendees")
	form.Set("subject", "Renamed")
	b.post(where+"/update", form).want(200, "Renamed")
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != 1 {
		t.Errorf("the meeting has %d people, want 1", len(m.Attendees))
	}
}

func TestChannelKeepsPeopleAfterFailedChange(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("thread_id", channelThread, "attendees", "dana@contoso.example")).want(200, "Created").url.Path
	s.graph.FailNext(patchRoute, emulator.Failure{Status: 400})
	p := b.change(where, "Renamed").want(200, "Retry")
	edit := p.doc.Find(`a[href*="/edit?attempt="]`).AttrOr("href", "")
	b.post(where+"/update", fields(b.get(edit).want(200))).want(200, "Renamed")
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != 1 {
		t.Errorf("the meeting has %d people, want 1", len(m.Attendees))
	}
}
