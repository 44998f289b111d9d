package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// What Graph's answer to a create makes of the attempt, and what the person
// reads. Every row ends with one meeting, by Retry or Finish.
func TestWhatGraphMayAnswer(t *testing.T) {
	busy := http.Header{"Retry-After": {"60"}}
	for _, tt := range []struct {
		name   string
		fail   emulator.Failure
		times  int // how often; 0 is once
		state  meeting.AttemptState
		reason string
		button string
		ends   string // what the page says once it worked
	}{
		{"bad request", emulator.Failure{Status: 400, Code: "BadRequest", Message: "An error has occurred."}, 1, meeting.AttemptFailed, "reason.bad_request", "Retry", "Created"},
		{"no licence", emulator.Failure{Status: 403, Code: "Forbidden"}, 1, meeting.AttemptFailed, "reason.forbidden", "Retry", "Created"},
		{"no consent", emulator.Failure{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges to complete the operation."}, 1, meeting.AttemptFailed, "reason.scope", "Retry", "Created"},
		{"conflict", emulator.Failure{Status: 409, Code: "Conflict"}, 1, meeting.AttemptFailed, "reason.conflict", "Retry", "Created"},
		{"throttled for longer than a person waits", emulator.Failure{Status: 429, Code: "TooManyRequests", Header: busy}, 1, meeting.AttemptFailed, "reason.throttled", "Retry", "Created"},
		{"busy for longer than a person waits", emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: busy}, 1, meeting.AttemptFailed, "reason.busy", "Retry", "Created"},
		{"server error", emulator.Failure{Status: 500, Code: "InternalServerError"}, 3, meeting.AttemptUnfinished, "reason.server_error", "Finish", "Created"},
		{"server error after the meeting was made", emulator.Failure{Status: 500, Code: "InternalServerError", Apply: true}, 3, meeting.AttemptUnfinished, "reason.server_error", "Finish", "Created"},
		{"bad gateway", emulator.Failure{Status: 502, Body: "<html>Bad gateway</html>", ContentType: "text/html"}, 3, meeting.AttemptUnfinished, "reason.server_error", "Finish", "Created"},
		{"an HTML page", emulator.Failure{Status: 200, Body: "<!doctype html><h1>Proxy</h1>", ContentType: "text/html", Apply: true}, 3, meeting.AttemptUnfinished, "reason.garbled", "Finish", "Created"},
		{"garbage", emulator.Failure{Status: 201, Body: "\x00\x01{{{", Apply: true}, 3, meeting.AttemptUnfinished, "reason.garbled", "Finish", "Created"},
		{"nothing", emulator.Failure{Drop: true, Apply: true}, 3, meeting.AttemptUnfinished, "reason.no_answer", "Finish", "Created"},
		{"half an answer", emulator.Failure{CutBody: true, Apply: true}, 3, meeting.AttemptUnfinished, "reason.no_answer", "Finish", "Created"},
		{"an answer that comes too late", emulator.Failure{Delay: 5 * time.Second, Apply: true}, 1, meeting.AttemptUnfinished, "reason.no_answer", "Finish", "Created"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, withBudget(1500*time.Millisecond))
			b := s.signIn(priya)
			for range tt.times {
				s.graph.FailNext(createRoute, tt.fail)
			}
			p := b.post("/meetings", s.form()).want(200, tt.button)
			m := newest(t, s, "INC0012345")
			a := attempts(t, s, m.ID)[0]
			if a.State != tt.state || a.Reason != tt.reason {
				t.Fatalf("the attempt is %s for %s, want %s for %s; page:\n%s", a.State, a.Reason, tt.state, tt.reason, p.text())
			}
			if want := meeting.State(tt.state); m.State != want {
				t.Errorf("the meeting is %s, want %s", m.State, want)
			}
			if len(a.Calls) != tt.times {
				t.Errorf("%d calls are recorded, want %d", len(a.Calls), tt.times)
			}
			b.get("/").want(200, "Printer on fire")
			b.post(fmt.Sprintf("/attempts/%d/retry", a.ID), nil).want(200, tt.ends, "Join")
			if got := s.graph.MeetingCount(); got != 1 {
				t.Errorf("Graph holds %d meetings, want 1", got)
			}
			if m := newest(t, s, "INC0012345"); m.State != meeting.Live || m.Origin != meeting.Created || m.JoinURL == "" {
				t.Errorf("recorded as %s, %s, join link %q; want live, created and a link", m.State, m.Origin, m.JoinURL)
			}
		})
	}
}

func TestShortTroubleIsRepeatedWhileThePersonWaits(t *testing.T) {
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: http.Header{"Retry-After": {"0"}}})
	s.graph.FailNext(createRoute, emulator.Failure{Status: 201, Body: "{", Apply: true})
	b.post("/meetings", s.form()).want(200, "Created")
	m := newest(t, s, "INC0012345")
	a := attempts(t, s, m.ID)[0]
	if a.Outcome != meeting.OutcomeConfirmed || len(a.Calls) != 3 {
		t.Errorf("outcome %q after %d calls, want confirmed after 3", a.Outcome, len(a.Calls))
	}
	seen := make(map[string]bool)
	for _, c := range a.Calls {
		if c.ClientRequestID == "" || seen[c.ClientRequestID] {
			t.Errorf("client-request-id %q is blank or used twice", c.ClientRequestID)
		}
		seen[c.ClientRequestID] = true
	}
}

func TestRefusalAfterAnUnansweredTryIsUnfinished(t *testing.T) {
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form()).want(200, "Finish")
	m := newest(t, s, "INC0012345")
	if m.State != meeting.Unfinished {
		t.Fatalf("the meeting is %s, want unfinished: the first try made it", m.State)
	}
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	retry := fmt.Sprintf("/attempts/%d/retry", attempts(t, s, m.ID)[0].ID)
	b.post(retry, nil).want(200, "Finish")
	b.post(retry, nil).want(200, "Created")
	if a := attempts(t, s, m.ID)[0]; a.Outcome != meeting.OutcomeConfirmed {
		t.Errorf("outcome %q, want confirmed", a.Outcome)
	}
}

func TestAMeetingThatWasThereIsFoundEvenAfterAnUnansweredTry(t *testing.T) {
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	s.ahead.Store(int64(time.Hour))
	s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	b.post("/meetings", s.form("subject", "Later")).want(200, "Found", "Later")
}

func TestAnUnfinishedAttemptCanBePutAside(t *testing.T) {
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form()).want(200, "Retry")
	b.get("/").want(200, "INC0012345")
	m := newest(t, s, "INC0012345")
	id := attempts(t, s, m.ID)[0].ID
	b.post(fmt.Sprintf("/attempts/%d/dismiss", id), nil).want(200)
	if p := b.get("/"); p.doc.Find(`a[href="/meetings/1"]`).Length() != 0 {
		t.Errorf("the home page still lists it:\n%s", p.text())
	}
	b.post(fmt.Sprintf("/attempts/%d/dismiss", id), nil).want(409)
	b.get("/history").want(200, "INC0012345")
}
