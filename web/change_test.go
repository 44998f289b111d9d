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

const patchRoute = "PATCH /me/onlineMeetings/{id}"

// change submits the form that changes the subject of the meeting at the given URL path.
func (b *browser) change(where, subject string) *page {
	b.t.Helper()
	form := fields(b.get(where + "/edit").want(200))
	form.Set("subject", subject)
	return b.post(where+"/update", form)
}

func TestFailedUpdates(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	for _, tt := range []struct {
		name   string
		change func(url.Values)
		field  string
	}{
		{"no difference", func(url.Values) {}, "subject"},
		{"no start", func(f url.Values) { f.Set("start", "") }, "start"},
		{"no end", func(f url.Values) { f.Set("end", "") }, "end"},
		{"end before the start", func(f url.Values) { f.Set("end", "09:00") }, "end"},
		{"invalid attendee", func(f url.Values) { f.Set("attendees", "nobody") }, "attendees"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := fields(b.get(where + "/edit").want(200))
			tt.change(form)
			p := b.post(where+"/update", form).want(422)
			wantProblem(t, p, tt.field, "")
			wantFormKept(t, p, form)
		})
	}
	if got := len(s.graph.Requests()); got != 1 {
		t.Errorf("Graph got %d requests, want only the create", got)
	}

	t.Run("outdated form", func(t *testing.T) {
		stale := fields(b.get(where + "/edit").want(200))
		b.change(where, "Changed in another tab").want(200, "Changed in another tab")
		stale.Set("subject", "Typed meanwhile")
		p := b.post(where+"/update", stale).want(409)
		if got := fields(p); got.Get("subject") != "Typed meanwhile" {
			t.Errorf("the form lost what was typed: %v", got)
		}
		b.post(where+"/update", fields(p)).want(200, "Typed meanwhile")
	})

	t.Run("Graph refuses", func(t *testing.T) {
		s.graph.FailNext(patchRoute, emulator.Failure{Status: 400, Code: "BadRequest", Message: "An error has occurred."})
		b.change(where, "Refused").want(200, "Retry")
		if m := newest(t, s, "INC0012345"); m.State != meeting.Live || m.Subject == "Refused" {
			t.Fatalf("the meeting is %s with subject %q, want it live and unchanged", m.State, m.Subject)
		}
		b.post(retryOf(t, s), nil).want(200, "Refused", "Changed")
	})

	t.Run("meeting removed at Microsoft", func(t *testing.T) {
		s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
		b.change(where, "Too late").want(200, "Retry")
		if a := attempts(t, s, newest(t, s, "INC0012345").ID)[0]; a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonNotFound {
			t.Errorf("the attempt is %s for %s, want failed for reason.not_found", a.State, a.Reason)
		}
	})
}

func attemptPath(id int64, what string) string { return fmt.Sprintf("/attempts/%d/%s", id, what) }

func retryOf(t *testing.T, s *site) string {
	t.Helper()
	return fmt.Sprintf("/attempts/%d/retry", attempts(t, s, newest(t, s, "INC0012345").ID)[0].ID)
}

func TestReplaceFoundMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	p := b.post("/meetings", s.form("anyway", "1", "subject", "Second thoughts", "start", "14:00", "end", "15:00", "attendees", "tomas@contoso.example"))
	link := p.want(200, "Found").doc.Find(`a[href*="/edit?attempt="]`).AttrOr("href", "")
	form := fields(b.get(link).want(200))
	if form.Get("subject") != "Second thoughts" || form.Get("start") != "14:00" || !strings.Contains(form.Get("attendees"), "tomas@") {
		t.Fatalf("the form does not have what was typed: %v", form)
	}
	b.post(p.url.Path+"/update", form).want(200, "Second thoughts", "14:00–15:00", "tomas@contoso.example")
	if m := newest(t, s, "INC0012345"); len(m.Attendees) != 1 || m.Attendees[0].UPN != "tomas@contoso.example" {
		t.Errorf("the attendees are %v, want only Tomás", m.Attendees)
	}
}

func TestUpdateTimeZone(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fields(b.get(where + "/edit").want(200))
	form.Set("time_zone", "Asia/Tokyo")
	b.post(where+"/update", form).want(200, "Asia/Tokyo", "10:00–10:30", "01:00–01:30")
	b.post("/meetings", s.form("anyway", "1")).want(200, "Found")
	if m := newest(t, s, "INC0012345"); m.TimeZone != "Asia/Tokyo" || m.Origin != meeting.Created {
		t.Errorf("time zone %s and origin %s, want Asia/Tokyo and created", m.TimeZone, m.Origin)
	}
}

func TestUpdateKeepsSeconds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("date", "", "start", "", "end", "")).want(200).url.Path
	before := newest(t, s, "INC0012345")
	b.change(where, "Same time").want(200, "Same time")
	if after := newest(t, s, "INC0012345"); !after.Start.Equal(before.Start) || !after.End.Equal(before.End) {
		t.Errorf("the start moved from %s to %s", before.Start.Format(time.RFC3339Nano), after.Start.Format(time.RFC3339Nano))
	}
}

func TestUnfinishedMeetingCannotBeChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for range 3 {
		s.graph.FailNext(createRoute, emulator.Failure{Drop: true})
	}
	where := b.post("/meetings", s.form()).want(200, "Finish").url.Path
	before := len(s.graph.Requests())
	b.get(where + "/edit").want(409)
	b.get(where + "/remove").want(409)
	b.post(where+"/update", s.form("subject", "Too early")).want(409)
	b.post(where+"/refresh", nil).want(409)
	b.post(where+"/remove", nil).want(409)
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d more requests, want none", got-before)
	}
}

func TestFailedRefresh(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	for range 3 {
		s.graph.FailNext(getRoute, emulator.Failure{Status: 502, Body: "<html>"})
	}
	b.post(where+"/refresh", nil).want(200, "Retry")
	if a := attempts(t, s, 1)[0]; a.State != meeting.AttemptFailed {
		t.Errorf("the refresh is %s, want failed: a read leaves no doubt about the outcome", a.State)
	}
	b.get("/").want(200, "Failed")

	b.change(where, "Changed since").want(200, "Changed since")
	if p := b.get("/"); strings.Contains(p.text(), "Failed") {
		t.Errorf("the home page still lists the failed refresh:\n%s", p.text())
	}
	b.post("/attempts/2/retry", nil).want(409)
}
