package web_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestStartNow checks that "Start now" makes the meeting start immediately with the form's
// duration, regardless of the times in the form.
func TestStartNow(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name    string
		changes []string
		minutes int
	}{
		{"the length in the form", []string{"start", "10:00", "end", "10:45"}, 45},
		{"no times", []string{"date", "", "start", "", "end", ""}, 45}, // the duration of the last meeting
		{"an end before the start", []string{"start", "10:00", "end", "09:00"}, 45},
		{"a length", []string{"date", "", "start", "", "end", "", "duration", "20"}, 20},
		{"a past start", []string{"date", "2026-01-05"}, 30},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ticket := "NOW-" + tt.name[:5]
			b.post("/meetings", s.form(append(tt.changes, "external_id", ticket, "now", "1")...)).want(200, "Created")
			m := newest(t, s, ticket)
			if wait := m.Start.Sub(s.now()).Abs(); wait > time.Minute || m.End.Sub(m.Start) != time.Duration(tt.minutes)*time.Minute {
				t.Errorf("the meeting is from %v to %v, want %d minutes from %v", m.Start, m.End, tt.minutes, s.now())
			}
		})
	}
}

// TestStartNowReadsWhatItReplaces checks that "Start now" rejects a malformed date, time or
// duration, even if it would not use the value.
func TestStartNowReadsWhatItReplaces(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for field, value := range map[string]string{"date": "31/31", "start": "25:00", "end": "noon", "end_date": "tomorrow", "duration": "long"} {
		p := b.post("/meetings", s.form("now", "1", field, value)).want(422)
		wantProblem(t, p, field, value)
		if got := fields(p).Get(field); got != value {
			t.Errorf("the form has %q as its %s, want %q", got, field, value)
		}
	}
	wantNoMeeting(t, s)
}

func TestStartNowTwice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	f := fieldsOf(b.get("/meetings/new?external_id=INC0012345"), "/meetings")
	f.Set("now", "1")
	f.Set("time_zone", "Europe/Lisbon")
	b.post("/meetings", f).want(200, "Created")
	b.post("/meetings", f).want(200)
	if m := newest(t, s, "INC0012345"); len(attempts(t, s, m.ID)) != 1 {
		t.Errorf("%d attempts, want 1", len(attempts(t, s, m.ID)))
	}
}

// TestStartNowAsksForTheStart checks that "Start now" requests the current time as the
// start of a meeting that already exists, even if the guard page is shown first. After an
// error, the form still contains the start time that the user entered.
func TestStartNowAsksForTheStart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	p := b.post("/meetings", s.form("now", "1", "start", "12:00", "end", "12:30"))
	p.want(409, "Compare with what I entered")
	again := formFields(p.doc.Find(`form:contains("Compare with what I entered")`))
	again.Set("anyway", "1")
	b.post("/meetings", again).want(200, "Found")
	m := newest(t, s, "INC0012345")
	if a := attempts(t, s, m.ID)[0]; a.Asked.Start.Sub(s.now()).Abs() > time.Minute || len(a.Asked.Unasked) != 0 {
		t.Errorf("asked for %+v, want a start now", a.Asked)
	}

	p = b.post("/meetings", s.form("now", "1", "external_id", "", "start", "12:00", "end", "12:30"))
	p.want(422)
	if start := p.doc.Find("#"+meeting.FieldStart).AttrOr("value", ""); start != "12:00" {
		t.Errorf("the form has the start %q, want what was typed", start)
	}
}
