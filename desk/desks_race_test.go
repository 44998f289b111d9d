package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

// another starts a second desk that shares the first desk's database and emulator.
func another(t *testing.T, d *desktest.Desk) *desk.Desk {
	t.Helper()
	if !postgrestest.Wanted() {
		t.Skip("only with PostgreSQL: one process owns an SQLite file")
	}
	second, err := store.Open(t.Context(), store.Options{Database: enginetest.Prepare(t, d.Dir), Keys: desktest.Keys, Now: d.Clock, Log: d.Desk.Log})
	if err != nil {
		t.Fatal(err)
	}
	other := &desk.Desk{Store: second, Auth: d.Auth, Graph: d.Graph, Now: d.Clock, Log: d.Desk.Log, Budget: d.Budget}
	t.Cleanup(func() {
		other.Wait()
		second.Close()
	})
	return other
}

// Two desks that need a person's token at the same time renew it only once. The emulator
// accepts each refresh token only once.
func TestDesksRenewATokenOnce(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	other := another(t, d)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	before := d.Redeemed.Load()
	var requests sync.WaitGroup
	for i := range 8 {
		on := []*desk.Desk{d.Desk, other}[i%2]
		requests.Go(func() {
			if _, err := on.CreateOrGet(context.Background(), p, request(d, externalID(fmt.Sprint("R", i)))); err != nil {
				t.Error(err)
			}
		})
	}
	requests.Wait()
	if got := d.Redeemed.Load() - before; got != 1 || len(tokensUsed(d)) != 1 {
		t.Errorf("%d renewals, and %d tokens were used; want one of each", got, len(tokensUsed(d)))
	}
}

// While one desk works on a meeting, another desk cannot lock the meeting. The other desk
// can lock it as soon as the first one has unlocked it.
func TestDesksShareTheirLocks(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	other := another(t, d)
	lock := func(on *desk.Desk) (unlock func(), err error) {
		return on.LockMeeting(t.Context(), 1, "INC0012345", time.Now().Add(2*time.Second))
	}
	unlock, err := lock(d.Desk)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(other); meeting.CodeOf(err) != meeting.Unavailable {
		t.Errorf("while the other desk works on the meeting: %v, want Unavailable", err)
	}
	unlock()
	for _, on := range []*desk.Desk{other, d.Desk} {
		unlock, err := lock(on)
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
}

// All connections to the database break while one desk renews a person's token. The other
// desk does not send the same refresh token but uses the new token once it has been stored.
func TestDesksRenewATokenOnceIfConnectionsBreak(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	other := another(t, d)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	before, hold := d.Redeemed.Load(), make(chan struct{})
	d.Emulator.FailNext("POST /token", emulator.Failure{Hold: hold, Apply: true})
	var requests sync.WaitGroup
	create := func(on *desk.Desk, ticket string) {
		requests.Go(func() {
			if _, err := on.CreateOrGet(context.Background(), p, request(d, externalID(ticket))); err != nil {
				t.Error(err)
			}
		})
	}
	create(d.Desk, "FIRST")
	desktest.Eventually(t, "the provider is asked", func() bool { return d.Redeemed.Load() > before })
	d.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	create(other, "SECOND")
	time.Sleep(time.Second) // enough time for the other desk to send the token
	close(hold)
	requests.Wait()
	if got := d.Redeemed.Load() - before; got != 1 || len(tokensUsed(d)) != 1 {
		t.Errorf("the refresh token was sent %d times, and %d tokens were used; want one of each", got, len(tokensUsed(d)))
	}
}

// The provider renews a token while the database cannot be reached. The desk stores the
// token as soon as it can.
func TestARenewedTokenIsStoredLater(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	another(t, d) // skips the test if the database is SQLite
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	before := d.Redeemed.Load()
	d.Exec(`CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'away' USING ERRCODE = 'cannot_connect_now'; END $$`)
	d.Exec(`CREATE TRIGGER away BEFORE UPDATE OF tokens ON grants EXECUTE FUNCTION away()`)
	var created sync.WaitGroup
	created.Go(func() {
		if _, err := d.CreateOrGet(context.Background(), p, request(d)); err != nil {
			t.Error(err)
		}
	})
	desktest.Eventually(t, "the provider is asked", func() bool { return d.Redeemed.Load() > before })
	time.Sleep(time.Second) // enough time for the desk to try to store the token
	d.Exec(`DROP TRIGGER away ON grants`)
	created.Wait()
	if got := d.Redeemed.Load() - before; got != 1 || len(tokensUsed(d)) != 1 {
		t.Errorf("the refresh token was sent %d times, and %d tokens were used; want one of each", got, len(tokensUsed(d)))
	}
}

// A desk waits at most 20 seconds for another desk that is renewing the same tokens.
func TestWaitForAnotherDesksRenewalIsBounded(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	another(t, d) // skips the test if the database is SQLite
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	d.Exec(`UPDATE grants SET renewal_until = 4000000000000`) // in milliseconds: the year 2096
	began := time.Now()
	m := create(d, p)
	if took := time.Since(began); took < 15*time.Second || took > 40*time.Second {
		t.Errorf("the desk waited for %v, want 20 seconds", took)
	}
	wantFailed(t, d, m.ID, meeting.ReasonUnreachable)
}
