package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/testenv"
)

// An operation continues after the request is canceled. Otherwise the desk could not record
// its result.
func TestOperationsOutliveTheRequest(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, op := range map[string]func(*desktest.Desk, desk.Actor, meeting.Meeting) error{
		"create": func(d *desktest.Desk, p desk.Actor, _ meeting.Meeting) error {
			_, err := d.CreateOrGet(gone, p, request(d, externalID("INC2")))
			return err
		},
		"update": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Update(gone, p, m.ID, edited(m, subject("Another")), 0)
		},
		"refresh": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error { return d.Refresh(gone, p, m.ID) },
		"remove":  func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error { return d.Remove(gone, p, m.ID, 0) },
		"retry": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			d.Emulator.FailNext(desktest.GetRoute, forbidden)
			if err := d.Refresh(t.Context(), p, m.ID); err != nil {
				return err
			}
			_, err := d.Retry(gone, p, d.Attempts(m.ID)[0].ID, 0)
			return err
		},
		"adopt": func(d *desktest.Desk, p desk.Actor, _ meeting.Meeting) error {
			_, link := d.MadeElsewhere(p, "INC3", "Made in Teams")
			_, err := d.Adopt(gone, p, link)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			if err := op(d, p, m); err != nil {
				t.Fatal(err)
			}
			for _, m := range d.Meetings() {
				if a := d.Attempts(m.ID)[0]; a.State != meeting.AttemptDone {
					t.Errorf("the attempt to %s meeting %d is %s: %s", a.Kind, m.ID, a.State, a.Reason)
				}
			}
		})
	}
}

// An operation locks its meeting and unlocks it only after Graph's answer is recorded.
func TestOperationsLockTheMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		route string // the route of the call whose response is delayed
		op    func(*desktest.Desk, desk.Actor, meeting.Meeting) error
	}{
		"create": {desktest.CreateRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			_, err := d.CreateOrGet(t.Context(), p, request(d, externalID(m.ExternalID)))
			return err
		}},
		"update": {desktest.PatchRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Update(t.Context(), p, m.ID, edited(m, subject("Another")), 0)
		}},
		"refresh": {desktest.GetRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error { return d.Refresh(t.Context(), p, m.ID) }},
		"remove": {desktest.DeleteRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Remove(t.Context(), p, m.ID, 0)
		}},
		"retry": {desktest.PatchRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			_, err := d.Retry(t.Context(), p, d.Attempts(m.ID)[0].ID, 0)
			return err
		}},
		"adopt": {desktest.FindRoute, func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			_, err := d.Adopt(t.Context(), p, m.JoinURL)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			hold, passed := make(chan struct{}), make(chan struct{})
			close(passed)
			switch name {
			case "retry": // retries a change that failed
				d.Emulator.FailNext(desktest.PatchRoute, forbidden)
				if err := d.Update(t.Context(), p, m.ID, edited(m, subject("Another")), 0); err != nil {
					t.Fatal(err)
				}
			case "adopt": // let the first look-up through: it happens before the meeting is locked
				d.Emulator.FailNext(desktest.FindRoute, emulator.Failure{Hold: passed, Apply: true})
			}
			d.Emulator.FailNext(tt.route, emulator.Failure{Hold: hold, Apply: true})
			isLocked := func() bool {
				unlock, err := d.LockMeeting(t.Context(), p.User.ID, m.ExternalID, time.Now().Add(40*time.Millisecond))
				if err == nil {
					unlock()
				}
				return err != nil
			}
			ended := make(chan error, 1)
			go func() { ended <- tt.op(d, p, m) }()
			desktest.Eventually(t, "the meeting is locked", isLocked)
			close(hold)
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if isLocked() {
				t.Error("the meeting is still locked")
			}
			if a := d.Attempts(m.ID)[0]; a.State != meeting.AttemptDone {
				t.Errorf("the attempt to %s is %s: %s", a.Kind, a.State, a.Reason)
			}
		})
	}
}

func TestARefusedOperationUnlocksTheMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	if err := d.Remove(t.Context(), p, m.ID, 0); err != nil {
		t.Fatal(err)
	}
	if err := d.Update(t.Context(), p, m.ID, edited(m, subject("Another")), 0); meeting.CodeOf(err) != meeting.Conflict {
		t.Errorf("a change of a removed meeting: %v, want Conflict", err)
	}
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, m.ExternalID, time.Now().Add(40*time.Millisecond))
	if err != nil {
		t.Fatalf("the meeting is still locked: %v", err)
	}
	unlock()
}

// Dismiss waits for a running operation on the same meeting, because that operation may be
// about to finish the attempt.
func TestDismissWaitsForTheMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(2*time.Second))
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, forbidden)
	m := create(d, p)
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, m.ExternalID, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Dismiss(t.Context(), p, d.Attempts(m.ID)[0].ID); meeting.CodeOf(err) != meeting.Unavailable {
		t.Errorf("during another operation: %v, want Unavailable", err)
	}
	unlock()
	if _, err := d.Dismiss(t.Context(), p, d.Attempts(m.ID)[0].ID); err != nil {
		t.Error(err)
	}
}

func TestRetryInApplicationModeIsAudited(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	helpDesk := d.SignIn(dana)
	d.Emulator.FailNext(desktest.CreateFor, emulator.Failure{Status: 403, Code: "Forbidden"})
	m := create(d, helpDesk, organizer(priyaID))
	count := func() int {
		return len(slices.DeleteFunc(d.Audit(), func(line string) bool { return !strings.Contains(line, string(store.AuditApplication)) }))
	}
	before := count()
	retry(d, helpDesk, m.ID)
	if got := count(); before == 0 || got != before+1 {
		t.Errorf("%d entries before the retry and %d after it, want one more", before, got)
	}
}

// If another operation finishes the attempt while Dismiss waits, Dismiss marks the result
// as accepted.
func TestDismissReadsTheAttemptAgain(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.PatchRoute, forbidden)
	if err := d.Update(t.Context(), p, m.ID, request(d, subject("Another")), 0); err != nil {
		t.Fatal(err)
	}
	a := d.Attempts(m.ID)[0]
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, m.ExternalID, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	dismissed := make(chan error)
	go func() {
		_, err := d.Dismiss(t.Context(), p, a.ID)
		dismissed <- err
	}()
	time.Sleep(50 * time.Millisecond) // long enough for Dismiss to start waiting
	err = d.Store.Reopen(t.Context(), a)
	if err == nil {
		_, err = d.Store.Finish(t.Context(), store.Result{AttemptID: a.ID, State: meeting.AttemptDone, Outcome: meeting.OutcomeUpdated})
	}
	unlock()
	if err := errors.Join(err, <-dismissed); err != nil {
		t.Error(err)
	}
	if a := d.Attempts(m.ID)[0]; a.State != meeting.AttemptDone || !a.Accepted {
		t.Errorf("the attempt is %s, accepted: %v", a.State, a.Accepted)
	}
}
