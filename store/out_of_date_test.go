package store_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

func TestFinishIgnoresAnOutdatedReply(t *testing.T) {
	removal := func(in store.Intention) store.Intention { in.Kind = meeting.KindRemove; return in }
	for name, newer := range map[string]struct {
		begin  func(store.Intention) store.Intention
		finish store.Result
		state  meeting.State
	}{
		"change": {
			func(in store.Intention) store.Intention { in.Kind = meeting.KindUpdate; return in },
			store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeUpdated, Reply: reply("G1", "Newer")}, meeting.Live,
		},
		"removal": {removal, store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeRemoved}, meeting.Removed},
	} {
		for _, another := range []bool{false, true} {
			t.Run(name+map[bool]string{false: "", true: " of the meeting with another external ID"}[another], func(t *testing.T) {
				now := time.Now()
				dir := t.TempDir()
				s, err := store.Open(t.Context(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}, Now: func() time.Time { return now }})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				person := signIn(t, s, "one").User
				id := finished(t, s, person, "INC1", reply("G1", "First").Details)
				in := store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}}
				if another { // Graph returns the same meeting for this external ID
					in.Asked.ExternalID = "inc1"
				}
				now = now.Add(time.Second)
				late := begin(t, s, in)
				now = now.Add(time.Second)
				in.MeetingID = id
				change := begin(t, s, newer.begin(in))
				newer.finish.AttemptID, newer.finish.Version = change.ID, change.Version
				if _, err := s.Finish(t.Context(), newer.finish); err != nil {
					t.Fatal(err)
				}
				before, err := s.Replies(t.Context(), id, 10)
				if err != nil {
					t.Fatal(err)
				}
				got, err := s.Finish(t.Context(), store.Result{AttemptID: late.ID, Version: late.Version, State: meeting.AttemptDone,
					Outcome: meeting.OutcomeFound, Reply: reply("G1", "Older")})
				if err != nil || got != id {
					t.Fatalf("meeting %d, %v; want %d", got, err, id)
				}
				m, err := s.Meeting(t.Context(), id)
				if err != nil || m.Subject == "Older" || m.State != newer.state {
					t.Errorf("%q is %s, %v; want %s", m.Subject, m.State, err, newer.state)
				}
				if after, err := s.Replies(t.Context(), id, 10); err != nil || len(after) != len(before) {
					t.Errorf("%d replies, %v; want %d", len(after), err, len(before))
				}
				if a, err := s.Attempt(t.Context(), late.ID); err != nil || a.State == meeting.AttemptPending {
					t.Errorf("the late attempt is %s, %v", a.State, err)
				}
			})
		}
	}
}

func reply(graphID, subject string) *meeting.Reply {
	return &meeting.Reply{Raw: []byte(`{}`), Details: meeting.Details{GraphID: graphID, Subject: subject}}
}

func begin(t *testing.T, s *store.Store, in store.Intention) store.Begun {
	t.Helper()
	begun, err := s.Begin(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return begun[0]
}

func TestBeginIsAllOrNothing(t *testing.T) {
	s := open(t, t.TempDir())
	person := signIn(t, s, "one").User
	id := finished(t, s, person, "INC1", reply("G1", "First").Details)
	part := func(kind meeting.Kind) store.Intention {
		return store.Intention{MeetingID: id, Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: kind}
	}
	if _, err := s.Begin(t.Context(), part(meeting.KindUpdate), part("unknown")); err == nil {
		t.Fatal("an attempt of an unknown kind was recorded")
	}
	attempts, err := s.Attempts(t.Context(), id)
	if err != nil || len(attempts) != 1 {
		t.Errorf("%d attempts, %v; want only the one that created the meeting", len(attempts), err)
	}
}
