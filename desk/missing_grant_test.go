package desk_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func loseGrants(d *desktest.Desk) {
	d.T.Helper()
	d.Exec(`DELETE FROM sessions`)
	d.Exec(`DELETE FROM grants`)
}

// Without a grant, an operation sends nothing to Graph. Its attempt records that the
// person must sign in. After the person has signed in, a retry succeeds.
func TestActsWithoutAGrant(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, act := range map[string]func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error{
		"change": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Update(context.Background(), p, m.ID, edited(m, func(r *meeting.Request) { r.Subject = "Another subject" }), 0)
		},
		"removal": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Remove(context.Background(), p, m.ID, 0)
		},
		"refresh": func(d *desktest.Desk, p desk.Actor, m meeting.Meeting) error {
			return d.Refresh(context.Background(), p, m.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			m := create(d, p)
			loseGrants(d)
			wantRequests(t, d, 0, func() {
				if err := act(d, p, m); err != nil {
					t.Error(err)
				}
			})
			wantFailed(t, d, m.ID, meeting.ReasonSignIn)
			if now := d.Meeting(m.ID); now.Subject != m.Subject || now.State != meeting.Live || now.Version != m.Version {
				t.Errorf("the meeting is %s with the subject %q, in version %d; it was in version %d", now.State, now.Subject, now.Version, m.Version)
			}
			retry(d, d.SignIn(priya), m.ID)
			if a := d.Attempts(m.ID)[0]; a.State != meeting.AttemptDone {
				t.Errorf("after another sign-in, the attempt is %s (%s)", a.State, a.Reason)
			}
		})
	}
	t.Run("create", func(t *testing.T) {
		t.Parallel()
		d := desktest.New(t)
		p := d.SignIn(priya)
		loseGrants(d)
		var m meeting.Meeting
		wantRequests(t, d, 0, func() { m = create(d, p) })
		wantFailed(t, d, m.ID, meeting.ReasonSignIn)
		retry(d, d.SignIn(priya), m.ID)
		wantDone(t, d, m.ID, meeting.OutcomeCreated)
	})
}

// If the grant is deleted during a call to Graph, the desk still records the result.
func TestGrantIsLostDuringACall(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	hold := make(chan struct{})
	d.Emulator.FailNext("POST /me/onlineMeetings/createOrGet", emulator.Failure{Hold: hold})
	done := make(chan meeting.Meeting, 1)
	go func() { done <- create(d, p) }()
	desktest.Eventually(t, "the request is at Graph", func() bool {
		return slices.ContainsFunc(d.Emulator.Requests(), func(r emulator.Request) bool { return strings.HasSuffix(r.Path, "/createOrGet") })
	})
	loseGrants(d)
	close(hold)
	m := <-done
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
	if m.State != meeting.Live || m.JoinURL == "" || d.Emulator.MeetingCount() != 1 {
		t.Errorf("the meeting is %s with the link %q; Graph has %d", m.State, m.JoinURL, d.Emulator.MeetingCount())
	}
}

// If the grant is deleted during an import, the import is paused, and no row is marked as
// failed. After the person has signed in and resumed the import, it continues.
func TestImportWithoutAGrant(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	rows := make([]meeting.ImportRow, 30)
	for i := range rows {
		r := request(d, func(r *meeting.Request) { r.ExternalID = "BULK" + strings.Repeat("x", i+1) })
		rows[i] = meeting.ImportRow{Number: i + 2, Form: "subject=x", ExternalID: r.ExternalID, Request: r}
	}
	id, err := d.Store.AddImport(t.Context(), meeting.Import{User: p.User, Title: "x", TimeZone: "UTC"}, rows)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Position, rows[i].State = i+1, meeting.RowWaiting
	}
	if err := d.Store.StartImport(t.Context(), id, p.GrantID, rows); err != nil {
		t.Fatal(err)
	}
	hold := make(chan struct{})
	d.Emulator.FailNext("POST /me/onlineMeetings/createOrGet", emulator.Failure{Hold: hold, Times: len(rows)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.RunImports(ctx) }()
	defer func() { cancel(); <-ended }()
	desktest.Eventually(t, "a row is at Graph", func() bool {
		return slices.ContainsFunc(d.Emulator.Requests(), func(r emulator.Request) bool {
			return r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/createOrGet")
		})
	})
	loseGrants(d)
	close(hold)
	state := func() meeting.Import {
		i, err := d.Store.Import(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	desktest.Eventually(t, "the import pauses", func() bool { return state().State == meeting.ImportPaused })
	if why := state().Reason; why != meeting.ReasonImportSignedOut {
		t.Errorf("the import pauses because of %q", why)
	}
	wantRows := func(allDone bool) {
		t.Helper()
		created := 0
		for r, err := range d.Store.ImportRows(t.Context(), id) {
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case r.State == meeting.RowCreated:
				created++
			case allDone || r.State == meeting.RowFailed || r.State == meeting.RowFound:
				t.Errorf("row %d is %s (%s)", r.Position, r.State, r.Reason)
			}
		}
		if created != d.Emulator.MeetingCount() || created == 0 {
			t.Errorf("%d rows have a meeting, and Graph has %d", created, d.Emulator.MeetingCount())
		}
	}
	desktest.Eventually(t, "rows at Graph are recorded", func() bool { // the other workers may still be finishing their rows
		for r, err := range d.Store.ImportRows(t.Context(), id) {
			if err != nil || r.State == meeting.RowRunning {
				return false
			}
		}
		return true
	})
	wantRows(false)
	if err := d.Store.ResumeImport(t.Context(), id, d.SignIn(priya).GrantID); err != nil {
		t.Fatal(err)
	}
	d.WakeImports()
	desktest.Eventually(t, "the import is done", func() bool { return state().State == meeting.ImportDone })
	wantRows(true)
}

// If the clock was set back, the last check of a grant may seem to be in the future. The
// grant is then checked again.
func TestRecheckAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	if got := d.Recheck(t.Context(), p, d.Clock()); got != desk.StillValid {
		t.Errorf("just checked: %v", got)
	}
	if got := d.Recheck(t.Context(), p, d.Clock().Add(5*time.Hour)); got != desk.Rechecked {
		t.Errorf("checked in five hours: %v, want that the provider is asked", got)
	}
}
