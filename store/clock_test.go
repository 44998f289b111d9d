package store_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

// What a clock that steps by hours does to stored times. A step forward ends sessions
// that look idle. A step back ends nothing, and lets a session last longer by the same
// time. It must not hide an attempt without an outcome, or a note.
func TestClockSteps(t *testing.T) {
	at := time.Date(2027, 3, 2, 10, 0, 0, 0, time.UTC)
	now := at
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	person := signIn(t, s, "one").User // for an hour
	for _, tt := range []struct {
		step, idle time.Duration // idle is how long a session may stay unused
		ends       bool
	}{
		{0, 4 * time.Hour, false}, {-5 * time.Hour, 4 * time.Hour, false}, {30 * time.Minute, 4 * time.Hour, false},
		{30 * time.Minute, 20 * time.Minute, true}, {70 * time.Minute, 4 * time.Hour, true}, {5 * time.Hour, 4 * time.Hour, true},
	} {
		now = at.Add(tt.step)
		if _, err := s.Session(t.Context(), []byte("one"), tt.idle); (err != nil) != tt.ends {
			t.Errorf("after a step of %v, with %v allowed: %v, want it ended: %v", tt.step, tt.idle, err, tt.ends)
		}
	}
	now = at
	begun := begin(t, s, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}})
	for step, want := range map[time.Duration]int{0: 0, -5 * time.Hour: 1, 5 * time.Hour: 1} {
		now = at.Add(step)
		if list, err := s.Unfinished(t.Context(), person.ID, 10); err != nil || len(list) != want {
			t.Errorf("after a step of %v: %d unfinished meetings, %v; want %d", step, len(list), err, want)
		}
	}
	for _, step := range []time.Duration{0, -5 * time.Hour} {
		now = at.Add(step)
		if err := s.AddNote(t.Context(), begun.MeetingID, person.ID, meeting.Note{Kind: meeting.Sent}); err != nil {
			t.Fatal(err)
		}
	}
	if notes, err := s.Notes(t.Context(), begun.MeetingID); err != nil || len(notes) != 2 {
		t.Errorf("%d marks, %v; want 2", len(notes), err)
	}
}
