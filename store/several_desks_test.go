package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/postgrestest"
)

// twoDesks opens two stores on one PostgreSQL database. It skips the test under the same
// conditions as postgrestest.New.
func twoDesks(t *testing.T, now func() time.Time) (one, other *store.Store) {
	t.Helper()
	address := postgrestest.New(t)
	var desks [2]*store.Store
	for i := range desks {
		s, err := store.Open(t.Context(), store.Options{Database: address, Keys: [][]byte{key}, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		desks[i] = s
	}
	return desks[0], desks[1]
}

// If two desks receive many concurrent requests for the same ticket, only one meeting is
// recorded. Each form begins one attempt, even if it is submitted several times.
func TestDesksRaceForATicket(t *testing.T) {
	t.Parallel()
	one, other := twoDesks(t, nil)
	person := signIn(t, one, "one").User
	begun := make([]store.Begun, 64)
	var all sync.WaitGroup
	for i := range begun {
		desk := []*store.Store{one, other}[i%2]
		all.Go(func() {
			list, err := desk.Begin(context.Background(), store.Intention{
				Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate,
				Asked: meeting.Asked{ExternalID: "INC1", TimeZone: "UTC"}, FormKey: fmt.Sprintf("form %d", i/4),
			})
			if err != nil {
				t.Error(err)
				return
			}
			begun[i] = list[0]
		})
	}
	all.Wait()
	forms := make(map[int]int64)
	for i, b := range begun {
		if b.MeetingID != begun[0].MeetingID || forms[i/4] != 0 && forms[i/4] != b.ID {
			t.Errorf("form %d: attempt %d on meeting %d, want one attempt for the form and meeting %d", i/4, b.ID, b.MeetingID, begun[0].MeetingID)
		}
		forms[i/4] = b.ID
	}
	if attempts, err := other.Attempts(t.Context(), begun[0].MeetingID); err != nil || len(attempts) != 16 {
		t.Errorf("%d attempts, %v; want 16", len(attempts), err)
	}
}

func TestDesksExcludeEachOther(t *testing.T) {
	t.Parallel()
	one, other := twoDesks(t, nil)
	release, err := one.Exclude(t.Context(), "ticket/inc1")
	if err != nil {
		t.Fatal(err)
	}
	waiting, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if _, err := other.Exclude(waiting, "ticket/inc1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the error of the context", err)
	}
	if free, err := other.Exclude(t.Context(), "ticket/inc2"); err != nil {
		t.Error(err)
	} else {
		free()
	}
	got := make(chan func())
	go func() {
		free, err := other.Exclude(t.Context(), "ticket/inc1")
		if err != nil {
			t.Error(err)
		}
		got <- free
	}()
	release()
	(<-got)()
}

// A desk can read a reply even if another desk added the reply's dictionary while both were
// running.
func TestDesksShareDictionaries(t *testing.T) {
	t.Parallel()
	one, other := twoDesks(t, nil)
	person := signIn(t, one, "one").User
	var last int64
	for i := range 4 {
		id := fmt.Sprintf("G%d", i)
		raw := fmt.Sprintf(`{"id":%q,"subject":"S%d","joinInformation":{"content":"%s"}}`, id, i, strings.Repeat("an invitation with the legal note of the tenant and a link number %d ", 1)+legalNotes())
		b := begin(t, one, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: id}})
		meetingID, err := one.Finish(t.Context(), store.Result{AttemptID: b.ID, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created,
			Reply: &meeting.Reply{Created: true, Raw: []byte(raw), Details: meeting.Details{GraphID: id}}})
		if err != nil {
			t.Fatal(err)
		}
		last = meetingID
	}
	replies, err := other.Replies(t.Context(), last, 1)
	if err != nil || len(replies) != 1 || !strings.Contains(string(replies[0].Raw), "note 149") {
		t.Errorf("%d replies, %v", len(replies), err)
	}
}

func legalNotes() string {
	var b strings.Builder
	for i := range 150 {
		fmt.Fprintf(&b, "legal note %d of the organization with words of its own %x; ", i, i*i*7919)
	}
	return b.String()
}

// If the connection breaks after the server has committed a transaction but before the
// response arrives, the transaction counts as committed.
func TestLostAnswerToACommit(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	proxy := newProxy(t, address)
	s, err := store.Open(t.Context(), store.Options{Database: proxy.address, Keys: [][]byte{key}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	person := signIn(t, s, "one").User
	proxy.loseNextCommit()
	a := begin(t, s, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}})
	if !proxy.lost() {
		t.Fatal("no answer was lost, so this test shows nothing")
	}
	if got, err := s.Attempt(t.Context(), a.ID); err != nil || got.State != meeting.AttemptPending {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDesksAreCounted(t *testing.T) {
	t.Parallel()
	one, other := twoDesks(t, nil)
	if n := one.Desks(); n != 1 {
		t.Errorf("%d desks before the first renewal of the lease, want 1", n)
	}
	must(t, one.SettleOthers(t.Context()))
	if n := one.Desks(); n != 2 {
		t.Errorf("%d desks, want 2", n)
	}
	other.Close()
	must(t, one.SettleOthers(t.Context()))
	if n := one.Desks(); n != 1 {
		t.Errorf("%d desks after the other has stopped, want 1", n)
	}
}
