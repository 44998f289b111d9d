package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

func guarded(r *meeting.Request) { r.Guard = true }

// Of several concurrent requests for the same ticket, only one creates a meeting. The
// others fail with ErrTicketTaken.
func TestOneMeetingForATicketAtTheSameMoment(t *testing.T) {
	t.Parallel()
	crowd := 50
	if testing.Short() {
		crowd = 12
	}
	var people []emulator.Person
	for i := range crowd {
		id := fmt.Sprintf("%02d", i)
		people = append(people, emulator.Person{ObjectID: "7c0e0000-0000-4000-8000-0000000000" + id, UPN: "p" + id + "@contoso.example", Name: id, Roles: []string{"Meetdesk.Staff"}})
	}
	d := desktest.New(t, func(s *desktest.Settings) { s.People = append(s.People, people...) })
	d.Emulator.SetLatency(20 * time.Millisecond)
	var (
		all     sync.WaitGroup
		mu      sync.Mutex
		created int
	)
	for i, person := range people {
		actor := d.SignIn(person.UPN)
		spelling := []string{"INC0012345", "inc 0012345", "#INC-0012345"}[i%3]
		all.Go(func() {
			_, err := d.CreateOrGet(t.Context(), actor, request(d, externalID(spelling), guarded))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				created++
			} else if !errors.Is(err, desk.ErrTicketTaken) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if created != 1 || d.Emulator.MeetingCount() != 1 || len(d.Meetings()) != 1 {
		t.Errorf("%d people created a meeting, Graph has %d and the history %d; want 1", created, d.Emulator.MeetingCount(), len(d.Meetings()))
	}
}

// All spellings of a ticket share a lock, because Graph may treat them as one external
// ID.
func TestSpellingsShareALock(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	unlock, err := d.LockMeeting(t.Context(), 1, "INC0012345", time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for spelling, shared := range map[string]bool{"inc 0012345": true, "#INC0012345": true, "INC0012345~2": true, "INC0012346": false} {
		unlock, err := d.LockMeeting(t.Context(), 1, spelling, time.Now().Add(20*time.Millisecond))
		if err == nil {
			unlock()
		}
		if got := err != nil; got != shared {
			t.Errorf("%s: shares the lock: %v, want %v", spelling, got, shared)
		}
	}
}

func TestRemovalSettlesAllAttempts(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	for _, failure := range []emulator.Failure{dropped, forbidden} {
		d.Emulator.FailNext(desktest.PatchRoute, failure)
		change := request(d)
		change.Options.Lobby = "everyone"
		if failure.Status != 0 {
			change.Options = meeting.Options{Record: meeting.On}
		}
		if err := d.Update(t.Context(), p, m.ID, change, 0); err != nil {
			t.Fatal(err)
		}
	}
	if open := stillOpen(d.Attempts(m.ID)); len(open) != 2 {
		t.Fatalf("%d attempts to settle, want 2", len(open))
	}
	if err := d.Remove(t.Context(), p, m.ID, 0); err != nil {
		t.Fatal(err)
	}
	if open := stillOpen(d.Attempts(m.ID)); len(open) != 0 || d.Meeting(m.ID).State != meeting.Removed {
		t.Errorf("the meeting is %s, and the attempts are %+v", d.Meeting(m.ID).State, open)
	}
}

func stillOpen(attempts []meeting.Attempt) []meeting.Attempt {
	return slices.DeleteFunc(attempts, func(a meeting.Attempt) bool { return !a.CanRetry() })
}
