package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

func TestShortFailureIsRetried(t *testing.T) {
	t.Parallel()
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
			t.Errorf("client-request-id %q is empty or used twice", c.ClientRequestID)
		}
		seen[c.ClientRequestID] = true
	}
}

func TestRefusalAfterUnansweredTry(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form()).want(200, "Finish")
	m := newest(t, s, "INC0012345")
	if m.State != meeting.Unfinished {
		t.Fatalf("the meeting is %s, want unfinished because the first try may have created it", m.State)
	}
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	retry := fmt.Sprintf("/attempts/%d/retry", attempts(t, s, m.ID)[0].ID)
	b.post(retry, nil).want(200, "Finish")
	b.post(retry, nil).want(200, "Created")
	if a := attempts(t, s, m.ID)[0]; a.Outcome != meeting.OutcomeConfirmed {
		t.Errorf("outcome %q, want confirmed", a.Outcome)
	}
}

func TestFoundAfterUnansweredTry(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	s.SetAhead(time.Hour)
	s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	b.post("/meetings", s.form("anyway", "1", "subject", "Later")).want(200, "Found", "Later")
}

func TestDismissAttempt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form()).want(200, "Retry")
	b.get("/").want(200, "INC0012345")
	m := newest(t, s, "INC0012345")
	id := attempts(t, s, m.ID)[0].ID
	b.post(fmt.Sprintf("/attempts/%d/dismiss", id), nil).want(200)
	if p := b.get("/"); p.doc.Find(`a[href="/meetings/1"]`).Length() != 0 {
		t.Errorf("the home page still lists the dismissed attempt:\n%s", p.text())
	}
	b.post(fmt.Sprintf("/attempts/%d/dismiss", id), nil).want(409)
	b.get("/history").want(200, "INC0012345")
}
