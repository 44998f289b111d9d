package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// What public sources leave open about Graph, each way: the journal holds
// whatever it does.
func TestTheJournalWhateverGraphDoes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, w := range map[string]emulator.Switches{
		"as guessed":                 {},
		"capitals do not count":      {FoldExternalID: true},
		"ASCII only":                 {ASCIIExternalID: true},
		"removed is not found":       {RemovedIsNotFound: true},
		"expired is not found":       {ExpiredIsNotFound: true},
		"gone is not found":          {GoneIsNotFound: true},
		"short external IDs":         {MaxExternalID: 11},
		"short subjects":             {MaxSubject: 16},
		"few attendees":              {MaxAttendees: 1},
		"short links":                {ShortLinks: true},
		"chatInfo in v1.0":           {ChatInfoInV1: true},
		"channels hide people":       {ChannelHidesAttendees: true},
		"two at once conflict":       {SimultaneousConflict: true},
		"a few per second":           {MaxPerSecond: 2},
		"a few per second, untold":   {MaxPerSecond: 2, ThrottleWithoutRetryAfter: true},
		"createOrGet in batches":     {BatchCreateOrGet: true},
		"policy refused as General":  {PolicyRefusal: emulator.PolicyGeneral},
		"policy refused the old way": {PolicyRefusal: emulator.PolicyUnauthorized},
		"all of them that can go together": {
			FoldExternalID: true, ASCIIExternalID: true, GoneIsNotFound: true, ChatInfoInV1: true,
			ChannelHidesAttendees: true, SimultaneousConflict: true, ThrottleWithoutRetryAfter: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, withSwitches(w), withBeta, withBudget(10*time.Second))
			s.desk.Graph.Pause = 300 * time.Millisecond
			if w.MaxPerSecond > 0 {
				s.desk.Graph.Pause = 700 * time.Millisecond // so that the last try is beyond the second, whatever the machine
			}
			journal{site: s, b: s.signIn(priya), switches: w}.run(t)
		})
	}
}

// journal is one working day against a Graph with its switches set.
type journal struct {
	*site
	b        *browser
	switches emulator.Switches
}

func (j journal) run(t *testing.T) {
	j.twice(t)
	j.capitals(t)
	j.unanswered(t)
	j.odd(t)
	j.channel(t)
	j.gone(t)
	j.atOnce(t)

	// Nothing acknowledged is lost, whatever went on.
	byID := make(map[string]meeting.Meeting)
	for _, m := range record(t, j.site) {
		byID[m.GraphID] = m
		if m.State == meeting.Live && m.JoinURL == "" {
			t.Errorf("%s is live without a join link", m.ExternalID)
		}
	}
	for _, m := range j.graph.Meetings() {
		if _, ok := byID[m.ID]; !ok {
			t.Errorf("Graph has %s, which the record has not", m.ExternalID)
		}
	}
}

func (j journal) twice(t *testing.T) {
	j.b.post("/meetings", j.form()).want(200, "Created")
	j.b.post("/meetings", j.form("anyway", "1", "start", "15:00", "end", "15:30")).want(200, "Found", "15:00")
	j.b.change("/meetings/1", "Moved").want(200, "Changed", "Moved")
}

func (j journal) capitals(t *testing.T) {
	p := j.b.post("/meetings", j.form("external_id", "inc0012345", "anyway", "1")).want(200)
	if same := p.url.Path == "/meetings/1"; same != j.switches.FoldExternalID {
		t.Errorf("another spelling ended at %s", p.url.Path)
	}
}

func (j journal) unanswered(t *testing.T) {
	for range 3 {
		j.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	}
	j.b.post("/meetings", j.form("external_id", "REQ1")).want(200, "Finish")
	m := newest(t, j.site, "REQ1")
	j.b.post(attemptPath(attempts(t, j.site, m.ID)[0].ID, "retry"), nil).want(200, "Created")
	if a := attempts(t, j.site, m.ID)[0]; a.Outcome != meeting.OutcomeConfirmed {
		t.Errorf("outcome %q, want confirmed", a.Outcome)
	}
}

// odd asks for what some limits forbid: then it has failed, and says so.
func (j journal) odd(t *testing.T) {
	for _, tt := range []struct {
		id, subject, people string
		refused             bool
	}{
		{"ÄRENDE-7", "Olá", "", j.switches.ASCIIExternalID},
		{"REQ-000-000-1", "Olá", "", j.switches.MaxExternalID > 0},
		{"REQ2", "A subject that is long", "", j.switches.MaxSubject > 0},
		{"REQ3", "Olá", "a@b.example\nb@b.example", j.switches.MaxAttendees > 0},
	} {
		j.b.post("/meetings", j.form("external_id", tt.id, "subject", tt.subject, "attendees", tt.people)).want(200)
		m := newest(t, j.site, tt.id)
		a := attempts(t, j.site, m.ID)[0]
		if refused := a.State == meeting.AttemptFailed && a.Reason == meeting.ReasonBadRequest; refused != tt.refused || !refused && m.State != meeting.Live {
			t.Errorf("%s: the attempt is %s for %q and the meeting %s; refused: want %v", tt.id, a.State, a.Reason, m.State, tt.refused)
		}
		if m.Subject != tt.subject {
			t.Errorf("%s: what was asked is kept as %q", tt.id, m.Subject)
		}
	}
}

func (j journal) channel(t *testing.T) {
	const thread = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2"
	p := j.b.post("/meetings", j.form("external_id", "REQ4", "thread_id", thread)).want(200, "Created")
	m := newest(t, j.site, "REQ4")
	if m.ThreadID != thread {
		t.Errorf("the thread is %q", m.ThreadID)
	}
	vanished := p.doc.Find(".asked").Length() > 0 && strings.Contains(p.doc.Find(".asked").Text(), "People")
	if vanished != j.switches.ChannelHidesAttendees {
		t.Errorf("asked beside got is shown: %v\n%s", vanished, p.text())
	}
}

// gone asks again for what was removed in Teams, and for what has expired.
func (j journal) gone(t *testing.T) {
	for _, tt := range []struct {
		id       string
		vanish   func(id string)
		notFound bool
	}{
		{"REQ5", func(id string) { j.graph.RemoveMeeting(id) }, j.switches.GoneIsNotFound || j.switches.RemovedIsNotFound},
		{"REQ6", func(id string) {
			j.graph.ChangeMeeting(id, func(m map[string]any) { m["expiryDateTime"] = "2020-01-01T00:00:00Z" })
		}, j.switches.GoneIsNotFound || j.switches.ExpiredIsNotFound},
	} {
		first := j.b.post("/meetings", j.form("external_id", tt.id)).want(200, "Created").url.Path
		was := newest(t, j.site, tt.id)
		tt.vanish(was.GraphID)
		p := j.b.post("/meetings", j.form("anyway", "1", "external_id", tt.id, "subject", "Once more")).want(200)
		now := newest(t, j.site, tt.id)
		a := attempts(t, j.site, now.ID)[0]
		if tt.notFound {
			if a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonNotFound || p.url.Path != first || now.JoinURL != was.JoinURL {
				t.Errorf("%s: %s for %q at %s: the old meeting stays as it was, and the attempt has failed", tt.id, a.State, a.Reason, p.url.Path)
			}
			continue
		}
		old, err := j.store.Meeting(t.Context(), was.ID)
		if err != nil || old.State != meeting.Replaced || now.State != meeting.Live || now.ID == was.ID || a.Outcome != meeting.OutcomeCreated {
			t.Errorf("%s: %v, the old one is %s, the new one %s by %q", tt.id, err, old.State, now.State, a.Outcome)
		}
	}
}

// atOnce has another program ask for the same meeting at the same moment.
func (j journal) atOnce(t *testing.T) {
	token := graphToken(t, j.site, priya)
	done := make(chan int, 1)
	go func() { done <- createAt(j.site, token, "REQ7") }()
	p := j.b.post("/meetings", j.form("external_id", "REQ7", "subject", "At once")).want(200)
	other := <-done
	m := newest(t, j.site, "REQ7")
	if a := attempts(t, j.site, m.ID)[0]; a.Reason == meeting.ReasonThrottled {
		p = j.b.post(attemptPath(a.ID, "retry"), nil).want(200)
		m = newest(t, j.site, "REQ7")
	}
	a := attempts(t, j.site, m.ID)[0]
	if m.State != meeting.Live || a.State != meeting.AttemptDone {
		t.Errorf("the meeting is %s and the attempt %s (%s), the other program got %d:\n%s", m.State, a.State, a.Reason, other, p.text())
	}
	count := 0
	for _, g := range j.graph.Meetings() {
		if g.ExternalID == "REQ7" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d meetings for REQ7", count)
	}
}

// createAt asks Graph itself, as another program would, and returns the status.
func createAt(s *site, token, externalID string) int {
	resp := askGraph(s, token, fmt.Sprintf(`{"externalId":%q}`, externalID))
	defer resp.Body.Close()
	return resp.StatusCode
}
