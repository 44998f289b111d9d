package store_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

// leases manages desks that share a database. Each desk has a pending attempt.
type leases struct {
	*testing.T
	address string
	db      *sql.DB
	begun   map[*store.Store]int64
}

func newLeases(t *testing.T) *leases {
	l := &leases{T: t, address: postgrestest.New(t), begun: make(map[*store.Store]int64)}
	address, err := postgresdb.Parse(l.address)
	if err != nil {
		t.Fatal(err)
	}
	l.db = address.OpenAside()
	t.Cleanup(func() { l.db.Close() })
	return l
}

func (l *leases) open(address string) *store.Store {
	l.Helper()
	s, err := store.Open(l.Context(), store.Options{Database: address, Keys: [][]byte{key}})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { s.Close() })
	name := fmt.Sprintf("desk %d", len(l.begun))
	person := signIn(l.T, s, name).User
	l.begun[s] = begin(l.T, s, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: name}}).ID
	return s
}

func (l *leases) settle(s *store.Store) {
	l.Helper()
	if err := s.SettleOthers(l.Context()); err != nil {
		l.Error(err)
	}
}

// endLease sets the end of the desk's lease to the current time plus the given duration,
// which may be negative.
func (l *leases) endLease(s *store.Store, after time.Duration) {
	l.Helper()
	const q = `UPDATE desks SET lease_until = (extract(epoch FROM now()) * 1000)::bigint + $1 WHERE id = (SELECT desk_id FROM attempts WHERE id = $2)`
	if result, err := l.db.ExecContext(l.Context(), q, after.Milliseconds(), l.begun[s]); err != nil {
		l.Fatal(err)
	} else if n, _ := result.RowsAffected(); n != 1 {
		l.Fatalf("%d desks have this lease", n)
	}
}

func (l *leases) want(s *store.Store, want meeting.AttemptState, when string) {
	l.Helper()
	var got meeting.AttemptState
	if err := l.db.QueryRowContext(l.Context(), `SELECT state FROM attempts WHERE id = $1`, l.begun[s]).Scan(&got); err != nil || got != want {
		l.Errorf("%s: the attempt is %s (%v), want %s", when, got, err, want)
	}
}

// A desk settles the attempts of desks that were closed or whose leases ended long ago, but
// not those of running desks.
func TestOnlyStoppedDesksAreSettled(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	proxy := newProxy(t, l.address)
	running, closing, cut := l.open(l.address), l.open(l.address), l.open(proxy.address)
	closing.Close()
	proxy.close()
	watching := l.open(l.address)
	for s, want := range map[*store.Store]meeting.AttemptState{running: meeting.AttemptPending, closing: meeting.AttemptUnfinished, cut: meeting.AttemptPending} {
		l.want(s, want, "after the start of another desk")
	}
	l.endLease(cut, -10*time.Second)
	l.settle(watching)
	l.want(cut, meeting.AttemptPending, "soon after the end of the lease")
	l.endLease(cut, -time.Minute)
	l.settle(watching)
	l.want(cut, meeting.AttemptUnfinished, "long after the end of the lease")
	l.want(running, meeting.AttemptPending, "after another desk was settled")
}

// After the server has been unavailable, the first desk to renew its lease does not treat
// the others as stopped.
func TestLeasesAfterTheServerWasAway(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	first, second := l.open(l.address), l.open(l.address)
	l.endLease(first, -time.Hour)
	l.endLease(second, -time.Hour)
	l.settle(first)
	l.want(second, meeting.AttemptPending, "after the first lease was renewed")
	l.settle(second)
	l.settle(first)
	l.want(first, meeting.AttemptPending, "after both leases were renewed")
	l.want(second, meeting.AttemptPending, "after both leases were renewed")
}

// A running desk whose lease was removed registers again, so that other desks do not settle
// its later attempts.
func TestADeskComesBack(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	slow, watching := l.open(l.address), l.open(l.address)
	l.endLease(slow, -time.Hour)
	l.settle(watching)
	l.want(slow, meeting.AttemptUnfinished, "while the desk is away")
	l.settle(slow)
	person := signIn(t, slow, "again").User
	l.begun[slow] = begin(t, slow, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "again"}}).ID
	l.settle(watching)
	l.want(slow, meeting.AttemptPending, "after it came back")
}
