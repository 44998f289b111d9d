package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestLongListOfPeople checks that if a list of people is too long, the error page is only
// slightly larger than the list.
func TestLongListOfPeople(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	many := new(strings.Builder)
	for i := range 40_000 {
		fmt.Fprintf(many, "p%d@b.example,", i)
	}
	for name, list := range map[string]string{"lines without addresses": strings.Repeat("x\n", 230_000), "addresses": many.String()} {
		p := b.post("/meetings", s.form("attendees", list)).want(422)
		// The page contains the list only once.
		if len(p.body) > len(list)+100_000 {
			t.Errorf("%s: a list of %d bytes became a page of %d", name, len(list), len(p.body))
		}
	}
}

func TestChangeOfRemovedMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	s.graph.FailNext(patchRoute, emulator.Failure{Drop: true})
	b.change(where, "Too late").want(200, "Finish")
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	b.post(retryOf(t, s), nil).want(200, "Failed", "Dismiss")

	// A new meeting replaces the old one, so the failed change to the old one cannot be
	// retried.
	b.post("/meetings", s.form("anyway", "1", "subject", "New")).want(200, "Created")
	if p := b.get("/"); strings.Contains(p.text(), "failed") {
		t.Errorf("home still lists a change that cannot be retried:\n%s", p.text())
	}
	b.post("/attempts/2/retry", nil).want(409)
	if p := b.post(where+"/update", s.form("subject", "On the old one")); p.status != 409 {
		t.Errorf("a change of the replaced meeting: status %d, want 409", p.status)
	}
}

func TestWaitForLockIsBounded(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBudget(300*time.Millisecond))
	b := s.signIn(priya)
	unlock, err := s.desk.LockMeeting(context.Background(), 1, "INC0012345", time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	p := b.post("/meetings", s.form("subject", "Typed")).want(503, "still waiting")
	wantFormKept(t, p, s.form("subject", "Typed"))
	if len(record(t, s)) != 0 {
		t.Error("an attempt was recorded")
	}
}

func TestUnusualRequests(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	t.Run("return_to that grows when escaped", func(t *testing.T) {
		s.browser().get("/auth/login?" + url.Values{"login_hint": {priya}, "return_to": {"/" + strings.Repeat("ä", 990)}}.Encode()).want(200)
	})
	t.Run("long form after the session ended", func(t *testing.T) {
		form := s.form("attendees", manyPeople(100))
		p := s.browser().post("/meetings", form).want(401, "ign in again")
		wantFormKept(t, p, form)
	})
	t.Run("body that is not a form", func(t *testing.T) {
		for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain", ""} {
			r, err := http.NewRequest(http.MethodPost, s.url+"/meetings", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", kind)
			wantErrorPage(t, b.do(r).want(415))
		}
	})
	t.Run("NUL in an address", func(t *testing.T) {
		b.post("/meetings", s.form()).want(200)
		for _, path := range []string{"/history?q=%00", "/meetings/1?q=%00", "/meetings/new?subject=%00"} {
			if p := b.get(path).want(200); strings.Contains(p.body, "\x00") {
				t.Errorf("%s: the page contains a NUL", path)
			}
		}
	})
	t.Run("retry of a finished attempt", func(t *testing.T) {
		before := len(s.graph.Requests())
		b.post("/attempts/1/retry", nil).want(200, "Created")
		if got := len(s.graph.Requests()); got != before {
			t.Errorf("Graph got %d more requests, want none", got-before)
		}
	})
	t.Run("invisible characters in the external ID", func(t *testing.T) {
		for _, id := range []string{"INC\u200b0012345", "INC\u00ad0012345", "INC\u2060001"} {
			wantProblem(t, b.post("/meetings", s.form("external_id", id)).want(422), "external_id", "")
		}
		b.post("/meetings", s.form("anyway", "1", "external_id", "\ufeffINC0012345\u200e")).want(200, "Found")
	})
}

func TestChangeAcrossAmbiguousHour(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	// In Lisbon, the meeting is from 01:15 to 01:45, but it lasts an hour and a half, because
	// the clocks go back at 02:00.
	start, end := at("2027-10-31", "00:15", "UTC"), at("2027-10-31", "01:45", "UTC")
	link := "/meetings/new?" + url.Values{"start": {start.Format(time.RFC3339)}, "end": {end.Format(time.RFC3339)}, "time_zone": {"Europe/Lisbon"}}.Encode()
	form := fields(b.get(link).want(200))
	form.Set("external_id", "FOLD")
	where := b.post("/meetings", form).want(200, "Created").url.Path
	b.change(where, "Only the subject").want(200, "Only the subject")
	if m := newest(t, s, "FOLD"); !m.Start.Equal(start) || !m.End.Equal(end) {
		t.Errorf("recorded %s to %s, want %s to %s", m.Start, m.End, start, end)
	}
}
