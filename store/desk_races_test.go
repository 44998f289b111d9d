package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// onBoth calls the function n times on each desk, all concurrently, and returns the
// errors.
func onBoth(one, other *store.Store, n int, do func(*store.Store, int) error) (errs []error) {
	var (
		all sync.WaitGroup
		mu  sync.Mutex
	)
	for i := range 2 * n {
		all.Go(func() {
			if err := do([]*store.Store{one, other}[i%2], i); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	all.Wait()
	return errs
}

type deskRace struct {
	*testing.T
	one, other *store.Store
	db         *sql.DB
}

func newDeskRace(t *testing.T) deskRace {
	t.Helper()
	l := newLeases(t)
	r := deskRace{T: t, db: l.db}
	for _, s := range []**store.Store{&r.one, &r.other} {
		opened, err := store.Open(t.Context(), store.Options{Database: l.address, Keys: [][]byte{key}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { opened.Close() })
		*s = opened
	}
	return r
}

func (r deskRace) count(want int, query string, args ...any) {
	r.Helper()
	var n int
	if err := r.db.QueryRowContext(r.Context(), query, args...).Scan(&n); err != nil || n != want {
		r.Errorf("%s: %d, %v; want %d", query, n, err, want)
	}
}

func TestDesksSeeSessionsAtOnce(t *testing.T) {
	t.Parallel()
	r := newDeskRace(t)
	find := func(name string) (store.Session, error) { return r.other.Session(t.Context(), []byte(name), time.Hour) }
	for name, end := range map[string]func(store.Session) error{
		"sign-out": func(store.Session) error { return r.one.EndSession(t.Context(), []byte("sign-out"), store.SignedOut) },
		"sign-out at Microsoft": func(store.Session) error {
			return r.one.EndProviderSession(t.Context(), "sid of sign-out at Microsoft")
		},
		"by an administrator":     func(s store.Session) error { return r.one.SignOutPerson(t.Context(), s.User.ID, s.User.ID, 0) },
		"refused at the provider": func(s store.Session) error { return r.one.EndGrant(t.Context(), s.GrantID) },
	} {
		session := signIn(t, r.one, name)
		if _, err := find(name); err != nil {
			t.Errorf("%s: before: %v", name, err)
		}
		must(t, end(session))
		if _, err := find(name); meeting.CodeOf(err) != meeting.Unauthorized {
			t.Errorf("%s: the session on the other desk: %v, want Unauthorized", name, err)
		}
		if _, err := r.other.Tokens(t.Context(), session.GrantID); meeting.CodeOf(err) != meeting.Unauthorized {
			t.Errorf("%s: the tokens on the other desk: %v, want Unauthorized", name, err)
		}
	}
	changed := signIn(t, r.one, "role")
	must(t, r.one.ChangeRole(t.Context(), changed.User.ID, meeting.HelpDesk))
	if s, err := find("role"); err != nil || s.User.Role != meeting.HelpDesk {
		t.Errorf("the role on the other desk is %v, %v", s.User.Role, err)
	}
}

// Several requests sign a person out on two desks while others store tokens for the
// person's grant. Only one sign-out is recorded, and no tokens remain.
func TestDesksRaceToSignOut(t *testing.T) {
	t.Parallel()
	r := newDeskRace(t)
	session := signIn(t, r.one, "one")
	errs := onBoth(r.one, r.other, 8, func(s *store.Store, i int) error {
		if i%4 < 2 {
			return s.EndSession(context.Background(), []byte("one"), store.SignedOut)
		}
		renewal, err := s.BeginRenewal(context.Background(), session.GrantID)
		if err == nil {
			err = s.SaveTokens(context.Background(), renewal, store.Tokens{AccessToken: fmt.Sprint(i)})
		}
		if meeting.CodeOf(err) == meeting.Unauthorized {
			return nil
		}
		return err
	})
	if len(errs) > 0 {
		t.Error(errors.Join(errs...))
	}
	r.count(0, `SELECT count(*) FROM grants`)
	r.count(0, `SELECT count(*) FROM sessions`)
	r.count(1, `SELECT count(*) FROM audit WHERE action = 'sign_out'`)
}

// If two desks settle the attempt of a third desk that has stopped, the outcome is recorded
// only once.
func TestDesksRaceToSettle(t *testing.T) {
	t.Parallel()
	r := newDeskRace(t)
	person := signIn(t, r.one, "one").User
	a := begin(t, r.one, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}})
	if _, err := r.db.ExecContext(t.Context(), `UPDATE attempts SET desk_id = 999`); err != nil {
		t.Fatal(err)
	}
	if errs := onBoth(r.one, r.other, 8, func(s *store.Store, _ int) error { return s.SettleOthers(context.Background()) }); len(errs) > 0 {
		t.Error(errors.Join(errs...))
	}
	r.count(1, `SELECT count(*) FROM calls WHERE attempt_id = $1`, a.ID)
	r.count(1, `SELECT count(*) FROM audit WHERE action = 'meeting.create'`)
	r.count(1, `SELECT count(*) FROM attempts WHERE state = 'unfinished'`)
}

func TestOneDeskWorksOnARetentionTask(t *testing.T) {
	t.Parallel()
	r := newDeskRace(t)
	must(t, r.one.StartPurge(t.Context(), signIn(t, r.one, "one").User.ID, meeting.Purge{AuditBefore: time.Now()}))
	release, err := r.other.Exclude(t.Context(), "retention")
	must(t, err)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := store.NextPart(r.one, short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while the other desk works on the task: %v, want the error of the context", err)
	}
	release()
	must(t, store.NextPart(r.one, t.Context()))
}

// Two desks run the same purge while the connections that hold its lock are repeatedly
// closed. Each meeting is counted once, and the purge ends once.
func TestDesksRaceToPurge(t *testing.T) {
	t.Parallel()
	const meetings = 300
	r := newDeskRace(t)
	person := signIn(t, r.one, "one").User
	for i := range meetings {
		ticket := fmt.Sprint("INC", i)
		finished(t, r.one, person, ticket, meeting.Details{GraphID: ticket})
	}
	if _, err := r.db.ExecContext(t.Context(), `UPDATE meetings SET updated_at = 1, end_at = 1`); err != nil {
		t.Fatal(err)
	}
	must(t, r.one.StartPurge(t.Context(), person.ID, meeting.Purge{MeetingsBefore: time.Now().AddDate(0, -1, 0)}))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var desks sync.WaitGroup
	for _, s := range []*store.Store{r.one, r.other} {
		desks.Go(func() { s.KeepRetention(ctx, func(error) {}) }) // errors are expected, because the test breaks the lock
	}
	breakLocks := `SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_stat_activity USING (pid)
		WHERE locktype = 'advisory' AND state = 'idle' AND datname = current_database()`
	broken := 0
	for open := true; open && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		if err := r.db.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT 1 FROM retention_tasks WHERE done_at IS NULL)`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := r.db.QueryRowContext(t.Context(), breakLocks).Scan(&n); err != nil {
			t.Fatal(err)
		}
		broken += n
	}
	stop()
	desks.Wait()
	if broken == 0 {
		t.Error("no lock broke, so the test shows less than it should")
	}
	r.count(0, `SELECT count(*) FROM meetings`)
	r.count(meetings, `SELECT meetings FROM retention_tasks`)
	r.count(1, `SELECT count(*) FROM audit WHERE action = 'retention.purged'`)
}

// If a renewal times out and another desk begins a new one, the first desk neither replaces
// the tokens nor ends the new renewal.
func TestALateRenewalChangesNothing(t *testing.T) {
	t.Parallel()
	r := newDeskRace(t)
	grant := signIn(t, r.one, "one").GrantID
	renew := func(s *store.Store) store.Renewal {
		t.Helper()
		renewal, err := s.BeginRenewal(t.Context(), grant)
		must(t, err)
		return renewal
	}
	late := renew(r.one)
	if _, err := r.db.ExecContext(t.Context(), `UPDATE grants SET renewal_until = 1`); err != nil {
		t.Fatal(err)
	}
	current := renew(r.other)
	must(t, r.one.EndRenewal(t.Context(), late))
	if err := r.one.SaveTokens(t.Context(), late, store.Tokens{AccessToken: "late"}); meeting.CodeOf(err) != meeting.Unavailable {
		t.Errorf("tokens of the late renewal: %v, want Unavailable", err)
	}
	must(t, r.other.SaveTokens(t.Context(), current, store.Tokens{AccessToken: "current"}))
	if next := renew(r.one); next.Tokens.AccessToken != "current" {
		t.Errorf("the access token is %q", next.Tokens.AccessToken)
	}
	waiting, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	if _, err := r.other.BeginRenewal(waiting, grant); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second renewal at the same time: %v, want the error of the context", err)
	}
}
