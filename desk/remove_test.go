package desk_test

import (
	"net/http"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestRemove(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	remove(d, p, m.ID)
	if got := d.Meeting(m.ID); got.State != meeting.Removed || got.JoinURL == "" || d.Emulator.MeetingCount() != 0 {
		t.Errorf("it is %s with the join link %q, and Graph has %d meetings", got.State, got.JoinURL, d.Emulator.MeetingCount())
	}
	wantRequests(t, d, 0, func() { remove(d, p, m.ID) })
	if again := create(d, p, subject("Begun again")); again.ID == m.ID || again.State != meeting.Live || d.Meeting(m.ID).Subject != m.Subject {
		t.Errorf("a new meeting of the ticket is in row %d, %s, and the removed one is %q", again.ID, again.State, d.Meeting(m.ID).Subject)
	}
}

func TestARemovalThatDidNotSucceed(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	inTeams := func(change func(map[string]any)) func(d *desktest.Desk) {
		return func(d *desktest.Desk) { d.InTeams(change) }
	}
	for _, tt := range []struct {
		name    string
		first   emulator.Failure
		between func(d *desktest.Desk)
		deletes int
		state   meeting.AttemptState
		meeting meeting.State
	}{
		{"refused", forbidden, nil, 2, meeting.AttemptDone, meeting.Removed},
		{"no answer, not done", emulator.Failure{Drop: true}, nil, 2, meeting.AttemptDone, meeting.Removed},
		{"no answer, done", emulator.Failure{Drop: true, Apply: true}, nil, 1, meeting.AttemptDone, meeting.Removed},
		{"removed by somebody else since", forbidden, func(d *desktest.Desk) { d.Emulator.RemoveMeeting(d.Newest(ticket).GraphID) }, 1, meeting.AttemptDone, meeting.Removed},
		{"changed since", emulator.Failure{Drop: true}, inTeams(rename), 1, meeting.AttemptFailed, meeting.Live},
		{"a proxy's 404", emulator.Failure{Status: 404, Body: "<html>"}, nil, 2, meeting.AttemptDone, meeting.Removed},
		{"Graph's 404", emulator.Failure{Status: 404, Code: "UnknownError"}, nil, 1, meeting.AttemptDone, meeting.Removed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			d.Emulator.FailNext(desktest.DeleteRoute, tt.first)
			remove(d, p, m.ID)
			if tt.between != nil {
				tt.between(d)
			}
			m = retry(d, p, m.ID)
			if a := d.Attempts(m.ID)[0]; a.State != tt.state || m.State != tt.meeting {
				t.Errorf("the attempt is %s for %q and the meeting %s; want %s and %s", a.State, a.Reason, m.State, tt.state, tt.meeting)
			}
			if got := len(d.Bodies("DELETE")); got != tt.deletes {
				t.Errorf("%d DELETE requests, want %d", got, tt.deletes)
			}
			if tt.meeting == meeting.Live {
				if m = retry(d, p, m.ID); m.State != meeting.Removed {
					t.Errorf("after another retry the meeting is %s", m.State)
				}
			}
		})
	}
}

func TestAChangedMeetingIsNotRemoved(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.InTeams(move)
	remove(d, p, m.ID)
	wantFailed(t, d, m.ID, meeting.ReasonChanged)
	if d.Emulator.MeetingCount() != 1 {
		t.Error("it was removed")
	}
	if m = retry(d, p, m.ID); m.State != meeting.Removed {
		t.Errorf("after the person saw the change the meeting is %s", m.State)
	}
}

// A 404 response to a GET does not prove that the meeting is gone, so the desk still
// sends the DELETE.
func TestARemovalSendsADelete(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 404, Code: "UnknownError"})
	remove(d, p, m.ID)
	if d.Emulator.MeetingCount() != 0 || d.Meeting(m.ID).State != meeting.Removed {
		t.Errorf("it is %s, and Graph has %d meetings", d.Meeting(m.ID).State, d.Emulator.MeetingCount())
	}
}

// If the desk cannot read the meeting on a retry, it does not know whether an earlier,
// unanswered DELETE took effect.
func TestAFailedReadLeavesAnUnansweredRemovalUnfinished(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.DeleteRoute, emulator.Failure{Drop: true, Apply: true})
	remove(d, p, m.ID)
	d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 429, Header: http.Header{"Retry-After": {"60"}}})
	if m = retry(d, p, m.ID); m.State != meeting.Live {
		t.Errorf("the meeting is %s, want live until the desk knows better", m.State)
	}
	wantUnfinished(t, d, m.ID, meeting.ReasonThrottled)
	d.SetAhead(2 * time.Minute)
	if m = retry(d, p, m.ID); m.State != meeting.Removed || len(d.Bodies("DELETE")) != 1 {
		t.Errorf("the meeting is %s after %d DELETE requests, want one", m.State, len(d.Bodies("DELETE")))
	}
}
