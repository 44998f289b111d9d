package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/testenv"
)

const createRoute = "POST /me/onlineMeetings/createOrGet"

func startImport(d *desktest.Desk, p desk.Actor, requests ...meeting.Request) (id int64) {
	d.T.Helper()
	rows := make([]meeting.ImportRow, len(requests))
	for i, r := range requests {
		rows[i] = meeting.ImportRow{Position: i + 1, Number: i + 2, ExternalID: r.ExternalID, Request: r, State: meeting.RowWaiting}
	}
	return startRows(d, p, rows)
}

func startRows(d *desktest.Desk, p desk.Actor, rows []meeting.ImportRow) (id int64) {
	d.T.Helper()
	id, err := d.Store.AddImport(d.T.Context(), meeting.Import{User: p.User, TimeZone: "UTC"}, rows)
	if err == nil {
		err = d.Store.StartImport(d.T.Context(), id, p.GrantID, rows)
	}
	if err != nil {
		d.T.Fatal(err)
	}
	return id
}

func tickets(d *desktest.Desk, prefix string, n int) (list []meeting.Request) {
	for i := range n {
		list = append(list, request(d, externalID(fmt.Sprintf("%s%d", prefix, i))))
	}
	return list
}

func runImports(d *desktest.Desk) {
	ctx, cancel := context.WithCancel(d.T.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.RunImports(ctx) }()
	d.T.Cleanup(func() { cancel(); <-ended })
}

func rowsOf(d *desktest.Desk, id int64) (list []meeting.ImportRow) {
	d.T.Helper()
	for r, err := range d.Store.ImportRows(d.T.Context(), id) {
		if err != nil {
			d.T.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func isImport(t *testing.T, d *desktest.Desk, id int64, state meeting.ImportState) func() bool {
	return func() bool {
		i, err := d.Store.Import(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return i.State == state
	}
}

// A delay that Microsoft requested for one person does not affect another person's import.
func TestImportWaitsForItsPerson(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t)
	p, other := d.SignIn(priya), d.SignIn(tomas)
	if err := d.Store.SaveWait(t.Context(), store.Graph, p.User.ID, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	waiting, running := startImport(d, p, tickets(d, "A", 3)...), startImport(d, other, tickets(d, "B", 20)...)
	runImports(d)
	desktest.Eventually(t, "the other import is done", isImport(t, d, running, meeting.ImportDone))
	for _, m := range d.Meetings() {
		if m.Organizer.ID == p.User.ID {
			t.Errorf("%s was begun", m.ExternalID)
		}
	}
	if !isImport(t, d, waiting, meeting.ImportRunning)() {
		t.Error("the import no longer runs")
	}
	d.Exec(`DELETE FROM waits`)
	desktest.Eventually(t, "the import is done", isImport(t, d, waiting, meeting.ImportDone))
	for _, r := range rowsOf(d, waiting) {
		if r.State != meeting.RowCreated {
			t.Errorf("row %d is %s (%s)", r.Position, r.State, r.Reason)
		}
	}
}

// Throttled tries do not count towards maxRowTries.
func TestThrottledRowIsTriedAgain(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	const refusals = 7 // more than maxRowTries
	d.Emulator.FailNext(createRoute, emulator.Failure{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"600"}}, Times: refusals})
	id := startImport(d, p, tickets(d, "A", 1)...)
	runImports(d)
	for range refusals {
		desktest.Eventually(t, "the row waits", func() bool {
			until, err := d.Store.Wait(t.Context(), store.Graph, p.User.ID)
			return err == nil && !until.IsZero() && rowsOf(d, id)[0].State != meeting.RowRunning
		})
		if r := rowsOf(d, id)[0]; r.State != meeting.RowWaiting || r.Tries != 0 {
			t.Fatalf("the row is %s (%s) after %d tries", r.State, r.Reason, r.Tries)
		}
		if failed, err := d.Store.Failed(t.Context(), p.User.ID, 10); err != nil || len(failed) != 0 {
			t.Fatalf("the home page lists %d failed meetings, %v", len(failed), err)
		}
		d.Exec(`DELETE FROM waits`)
	}
	desktest.Eventually(t, "the import is done", isImport(t, d, id, meeting.ImportDone))
	if r := rowsOf(d, id)[0]; r.State != meeting.RowCreated {
		t.Errorf("the row is %s (%s)", r.State, r.Reason)
	}
}

// If Microsoft requests a delay after a worker has taken a row, the row returns to the
// queue.
func TestRowMeetsAnothersWait(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(createRoute, emulator.Failure{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"600"}}})
	id := startImport(d, p, tickets(d, "A", 1)...)
	runImports(d)
	state := func(want meeting.RowState) func() bool {
		return func() bool { return rowsOf(d, id)[0].State == want }
	}
	desktest.Eventually(t, "the row was refused", func() bool { return len(d.Meetings()) > 0 && state(meeting.RowWaiting)() })
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, "A0", time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	d.Exec(`DELETE FROM waits`)
	desktest.Eventually(t, "a worker has the row", state(meeting.RowRunning))
	if err := d.Store.SaveWait(t.Context(), store.Graph, p.User.ID, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	unlock()
	desktest.Eventually(t, "the worker gives the row back", func() bool { return !state(meeting.RowRunning)() })
	if r := rowsOf(d, id)[0]; r.State != meeting.RowWaiting || r.Tries != 0 {
		t.Errorf("the row is %s (%s) after %d tries", r.State, r.Reason, r.Tries)
	}
}

// Without a token, the desk does not begin any rows, so no meetings are listed as failed.
func TestImportWithoutATokenBeginsNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, lose := range map[string]func(d *desktest.Desk, p desk.Actor) error{
		"the desk has no grant": func(d *desktest.Desk, _ desk.Actor) error { loseGrants(d); return nil },
		"Microsoft rejects the grant": func(d *desktest.Desk, _ desk.Actor) error {
			d.SetAhead(2 * time.Hour) // the access token expires
			return d.Emulator.RevokeRefreshTokens(priyaID)
		},
		"an administrator ends the sign-ins": func(d *desktest.Desk, p desk.Actor) error {
			return d.Store.SignOutPerson(d.T.Context(), p.User.ID, p.User.ID, 0)
		},
		"they end their other sign-ins": func(d *desktest.Desk, p desk.Actor) error {
			return d.Store.EndOtherSessions(d.T.Context(), p.User.ID, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			id := startImport(d, p, tickets(d, "A", 3)...)
			if err := lose(d, p); err != nil {
				t.Fatal(err)
			}
			runImports(d)
			desktest.Eventually(t, "the import pauses", isImport(t, d, id, meeting.ImportPaused))
			for _, r := range rowsOf(d, id) {
				if r.State != meeting.RowWaiting {
					t.Errorf("row %d is %s (%s)", r.Position, r.State, r.Reason)
				}
			}
			if n := len(d.Meetings()); n != 0 {
				t.Errorf("%d meetings were begun", n)
			}
		})
	}
}

// A row with a presenter from another organization is tried again if the directory look-up
// fails.
func TestRowWaitsForTheDirectory(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext("GET /users", emulator.Failure{Status: http.StatusServiceUnavailable, Times: 3})
	r := request(d, externalID("A0"), attendees(presenter("ana@fabrikam.example")))
	id := startImport(d, p, r)
	runImports(d)
	desktest.Eventually(t, "the row was tried", func() bool { return rowsOf(d, id)[0].State != meeting.RowRunning && rowsOf(d, id)[0].Reason != "" })
	if r := rowsOf(d, id)[0]; r.State != meeting.RowWaiting || r.Tries != 1 {
		t.Errorf("the row is %s (%s) after %d tries", r.State, r.Reason, r.Tries)
	}
}

// If the last try to grant the person access to a colleague's meeting fails because of a
// database error, the row fails. It must not count as found, because the person has no
// access.
func TestARowWithoutAccessFails(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	m := create(d, d.SignIn(tomas))
	p := d.SignIn(priya)
	id := startRows(d, p, []meeting.ImportRow{{
		Position: 1, Number: 2, ExternalID: ticket, Request: request(d), State: meeting.RowWaiting,
		Choice: meeting.ChoiceUse, MeetingID: m.ID, Known: m.ID,
	}})
	d.Exec(`UPDATE import_rows SET tries = 4`)              // one try is left
	d.Exec(`ALTER TABLE ended_access RENAME TO moved_away`) // HandOver reads this table
	runImports(d)
	desktest.Eventually(t, "the import is done", isImport(t, d, id, meeting.ImportDone))
	d.Exec(`ALTER TABLE moved_away RENAME TO ended_access`)
	if r := rowsOf(d, id)[0]; r.State != meeting.RowFailed || r.Reason != meeting.ReasonInternal {
		t.Errorf("the row is %s (%s)", r.State, r.Reason)
	}
}
