package web_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// TestStartInPast checks that the form warns about a start in the past before the desk calls
// Graph, and that submitting the form again confirms the start.
func TestStartInPast(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	ago := func(d time.Duration) []string {
		start := s.now().UTC().Add(-d)
		return []string{"date", start.Format(time.DateOnly), "start", start.Format("15:04"), "end", "", "duration", "30", "time_zone", "UTC"}
	}
	form := s.form(append(ago(2*time.Hour+time.Minute), "record", "on")...)
	p := b.post("/meetings", form).want(422, "The start was 2 hours ago", "Nothing has been created yet", "Create anyway")
	wantFormKept(t, p, form)
	if p.doc.Find(`[role="alert"][tabindex="-1"]`).Length() != 1 || p.doc.Find("[aria-invalid]").Length() != 0 {
		t.Errorf("the warning is not announced, or a field is marked as invalid:\n%s", p.text())
	}
	if len(s.graph.Requests()) != 0 || len(record(t, s)) != 0 {
		t.Fatal("the meeting was created without a second click")
	}
	p = b.post("/meetings", fields(p)).want(200, "Created", "This meeting starts in the past")
	where := p.url.Path

	t.Run("link cannot confirm", func(t *testing.T) {
		p := b.get("/meetings/new?external_id=INC2&start=2026-03-03T10:00:00Z&time_zone=UTC&past=1").want(200)
		if p.doc.Find(`[name="past"]`).Length() != 0 {
			t.Error("the link confirmed the start in the past")
		}
		b.post("/meetings", fields(p)).want(422, "ago", "Create anyway")
	})
	t.Run("with another problem", func(t *testing.T) {
		p := b.post("/meetings", s.form(append(ago(3*24*time.Hour), "attendees", "nobody")...)).want(422, "nobody", "Create meeting")
		if text := p.text(); strings.Contains(text, "Create anyway") || strings.Contains(text, "Nothing has been created yet") {
			t.Errorf("the form asks to confirm the start before the other problem is solved:\n%s", text)
		}
		corrected := fields(p)
		corrected.Set("attendees", "")
		corrected.Set("external_id", "INC3")
		p = b.post("/meetings", corrected).want(422, "The start was 3 days ago", "Create anyway")
		b.post("/meetings", fields(p)).want(200, "Created")
	})
	t.Run("guard keeps the confirmation", func(t *testing.T) {
		s.signIn(dana).post("/meetings", s.form("external_id", "INC4")).want(200)
		p := b.post("/meetings", s.form(append(ago(time.Hour), "external_id", "INC4", "past", "1")...)).want(409)
		b.post("/meetings", formFields(p.doc.Find(`form:has([name="anyway"])`))).want(200, "Created")
	})
	t.Run("start now", func(t *testing.T) {
		b.post("/meetings", s.form("external_id", "INC5", "date", "", "start", "", "end", "")).want(200, "Created")
		b.post("/meetings", s.form(append(ago(0), "external_id", "INC6")...)).want(200, "Created")
	})
	t.Run("update that moves the start", func(t *testing.T) {
		other := b.post("/meetings", s.form("external_id", "INC7")).want(200).url.Path
		form := fields(b.get(other + "/edit").want(200))
		for i, changes := 0, ago(90*time.Minute); i < len(changes); i += 2 {
			form.Set(changes[i], changes[i+1])
		}
		before := len(s.graph.Requests())
		p := b.post(other+"/update", form).want(422, "The start was 1 hour ago", "Nothing has been changed yet", "Save anyway")
		if len(s.graph.Requests()) != before {
			t.Error("the meeting was changed without a second click")
		}
		b.post(other+"/update", fields(p)).want(200, "Changed")
	})
	t.Run("update that keeps the start", func(t *testing.T) {
		b.change(where, "Renamed").want(200, "Changed", "Renamed")
	})
	if n := b.get("/meetings/new").doc.Find(`button:contains("past"), [data-focus]`).Length(); n != 0 {
		t.Error("an empty form warns of a start in the past")
	}
}
