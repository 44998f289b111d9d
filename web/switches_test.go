package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestJournalWithSwitches simulates a working day with many settings of the emulator's
// switches. Each switch changes a behaviour of Graph that public sources do not describe.
func TestJournalWithSwitches(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for name, w := range map[string]emulator.Switches{
		"defaults":                       {},
		"case-insensitive IDs":           {FoldExternalID: true},
		"ASCII only":                     {ASCIIExternalID: true},
		"404 for removed":                {RemovedIsNotFound: true},
		"404 for expired":                {ExpiredIsNotFound: true},
		"404 for removed and expired":    {GoneIsNotFound: true},
		"short external IDs":             {MaxExternalID: 11},
		"short subjects":                 {MaxSubject: 16},
		"few attendees":                  {MaxAttendees: 1},
		"short links":                    {ShortLinks: true},
		"chatInfo in v1.0":               {ChatInfoInV1: true},
		"channels hide people":           {ChannelHidesAttendees: true},
		"conflict of concurrent calls":   {SimultaneousConflict: true},
		"rate limit":                     {MaxPerSecond: 2},
		"rate limit without Retry-After": {MaxPerSecond: 2, ThrottleWithoutRetryAfter: true},
		"createOrGet in batches":         {BatchCreateOrGet: true},
		"policy refused as General":      {PolicyRefusal: emulator.PolicyGeneral},
		"policy refused as Unauthorized": {PolicyRefusal: emulator.PolicyUnauthorized},
		"all that can be combined": {
			FoldExternalID: true, ASCIIExternalID: true, GoneIsNotFound: true, ChatInfoInV1: true,
			ChannelHidesAttendees: true, SimultaneousConflict: true, ThrottleWithoutRetryAfter: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			window := time.Second // Retry-After is a whole number of seconds
			switch {
			case w.ThrottleWithoutRetryAfter:
				window /= 10
			case w.MaxPerSecond > 0:
				testenv.SkipUnlessLong(t) // waits for eleven seconds in total
			}
			s := newSite(t, withSwitches(w), withBeta, withBudget(10*time.Second), withWindow(window))
			switch {
			case w.MaxPerSecond > 0:
				s.desk.Graph.Pause = window * 7 / 10 // the last retry comes after the limit's window has ended
			case w.SimultaneousConflict:
				s.desk.Graph.Pause = 300 * time.Millisecond // the last retry comes after the other call has ended, even on a slow machine
			}
			journal{site: s, b: s.signIn(priya), switches: w}.run(t)
		})
	}
}

// journal simulates a working day at the desk. switches are the settings of the site's
// emulator.
type journal struct {
	*site
	b        *browser
	switches emulator.Switches
}

func (j journal) run(t *testing.T) {
	j.createTwice(t)
	j.otherCase(t)
	j.noResponse(t)
	j.limits(t)
	j.channel(t)
	j.removedAndExpired(t)
	j.concurrently(t)

	// Every meeting in Graph must be in the history.
	byID := make(map[string]meeting.Meeting)
	for _, m := range record(t, j.site) {
		byID[m.GraphID] = m
		if m.State == meeting.Live && m.JoinURL == "" {
			t.Errorf("%s is live without a join link", m.ExternalID)
		}
	}
	for _, m := range j.graph.Meetings() {
		if _, ok := byID[m.ID]; !ok {
			t.Errorf("Graph has %s, which is not in the history", m.ExternalID)
		}
	}
}

func (j journal) createTwice(t *testing.T) {
	j.b.post("/meetings", j.form()).want(200, "Created")
	j.b.post("/meetings", j.form("anyway", "1", "start", "15:00", "end", "15:30")).want(200, "Found", "15:00")
	j.b.change("/meetings/1", "Moved").want(200, "Changed", "Moved")
}

func (j journal) otherCase(t *testing.T) {
	p := j.b.post("/meetings", j.form("external_id", "inc0012345", "anyway", "1")).want(200)
	if same := p.url.Path == "/meetings/1"; same != j.switches.FoldExternalID {
		t.Errorf("the external ID in another case led to %s", p.url.Path)
	}
}

func (j journal) noResponse(t *testing.T) {
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

// limits sends values that Graph may refuse. An attempt must fail if and only if the switch
// for its limit is on.
func (j journal) limits(t *testing.T) {
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
			t.Errorf("%s: the attempt is %s for %q and the meeting %s; want refused to be %v", tt.id, a.State, a.Reason, m.State, tt.refused)
		}
		if m.Subject != tt.subject {
			t.Errorf("%s: the stored subject is %q, want the one that was typed", tt.id, m.Subject)
		}
	}
}

func (j journal) channel(t *testing.T) {
	const thread = "19:7ebda77322dd4505ac4dedb5b67df076@thread.tacv2"
	p := j.b.post("/meetings", j.form("external_id", "REQ4", "thread_id", thread)).want(200, "Created")
	m := newest(t, j.site, "REQ4")
	if m.ThreadID != thread {
		t.Errorf("the thread is %q, want the channel's", m.ThreadID)
	}
	missing := p.doc.Find(".asked").Length() > 0 && strings.Contains(p.doc.Find(".asked").Text(), "People")
	if missing != j.switches.ChannelHidesAttendees {
		t.Errorf("the page compares the people: %v, want only if Graph hides them\n%s", missing, p.text())
	}
}

// removedAndExpired repeats createOrGet for meetings that were removed in Teams or have
// expired.
func (j journal) removedAndExpired(t *testing.T) {
	for _, tt := range []struct {
		id       string
		lose     func(id string)
		notFound bool
	}{
		{"REQ5", func(id string) { j.graph.RemoveMeeting(id) }, j.switches.GoneIsNotFound || j.switches.RemovedIsNotFound},
		{"REQ6", func(id string) {
			j.graph.ChangeMeeting(id, func(m map[string]any) { m["expiryDateTime"] = "2020-01-01T00:00:00Z" })
		}, j.switches.GoneIsNotFound || j.switches.ExpiredIsNotFound},
	} {
		first := j.b.post("/meetings", j.form("external_id", tt.id)).want(200, "Created").url.Path
		before := newest(t, j.site, tt.id)
		tt.lose(before.GraphID)
		p := j.b.post("/meetings", j.form("anyway", "1", "external_id", tt.id, "subject", "Once more")).want(200)
		after := newest(t, j.site, tt.id)
		a := attempts(t, j.site, after.ID)[0]
		if tt.notFound {
			if a.State != meeting.AttemptFailed || a.Reason != meeting.ReasonNotFound || p.url.Path != first || after.JoinURL != before.JoinURL {
				t.Errorf("%s: the attempt is %s for %q at %s; want it failed and the meeting unchanged", tt.id, a.State, a.Reason, p.url.Path)
			}
			continue
		}
		old, err := j.store.Meeting(t.Context(), before.ID)
		if err != nil || old.State != meeting.Replaced || after.State != meeting.Live || after.ID == before.ID || a.Outcome != meeting.OutcomeCreated {
			t.Errorf("%s: %v, the old meeting is %s and the new one %s by %q", tt.id, err, old.State, after.State, a.Outcome)
		}
	}
}

// concurrently creates a meeting while another program creates one with the same external
// ID.
func (j journal) concurrently(t *testing.T) {
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
		t.Errorf("the meeting is %s and the attempt %s (%s) after the other program got %d:\n%s", m.State, a.State, a.Reason, other, p.text())
	}
	count := 0
	for _, g := range j.graph.Meetings() {
		if g.ExternalID == "REQ7" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("Graph has %d meetings for REQ7, want 1", count)
	}
}

// createAt creates a meeting directly in Graph, as another program would, and returns the
// status.
func createAt(s *site, token, externalID string) int {
	resp := askGraph(s, token, fmt.Sprintf(`{"externalId":%q}`, externalID))
	defer resp.Body.Close()
	return resp.StatusCode
}
