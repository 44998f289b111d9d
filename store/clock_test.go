package store_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

// If the clock is set forward, idle and expired sessions end. If it is set back, sessions
// last longer. Neither change hides a note or an attempt that is still open.
func TestClockSteps(t *testing.T) {
	at := time.Date(2027, 3, 2, 10, 0, 0, 0, time.UTC)
	now := at
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	person := signIn(t, s, "one").User // the session lasts an hour
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

// A delay that Microsoft requested ends on time, or immediately if the clock has been set
// back.
func TestWaitsAfterClockSteps(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	at := time.Date(2027, 3, 2, 10, 0, 0, 0, time.UTC)
	for step, want := range map[time.Duration]time.Duration{
		0: time.Minute, 30 * time.Second: 30 * time.Second, time.Hour: 0, -30 * time.Second: 0, -3 * time.Hour: 0, -48 * time.Hour: 0,
	} {
		now := at
		s := openAt(t, &now)
		must(t, s.SaveWait(t.Context(), store.Graph, 1, now.Add(time.Minute)))
		now = at.Add(step)
		until, err := s.Wait(t.Context(), store.Graph, 1)
		if left := until.Sub(now); err != nil || want == 0 != until.IsZero() || want > 0 && left != want {
			t.Errorf("after a step of %v, the wait lasts until %v (%v); want another %v", step, until, err, want)
		}
		must(t, s.SaveWait(t.Context(), store.Graph, 1, now.Add(2*time.Second))) // a new, shorter delay
		if want > 2*time.Second {
			continue // the longer delay is still in effect
		}
		if until, err = s.Wait(t.Context(), store.Graph, 1); err != nil || !until.Equal(now.Add(2*time.Second)) {
			t.Errorf("after a step of %v, a new wait lasts until %v (%v), want %v", step, until, err, now.Add(2*time.Second))
		}
	}
}

// A delayed import row is retried on time, or immediately if the clock has been set back.
// A row can be leased again only after its lease has expired, and its result is recorded
// only once.
func TestImportRowsAfterClockSteps(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	at := time.Date(2027, 3, 2, 10, 0, 0, 0, time.UTC)
	for step, want := range map[time.Duration]struct{ waiting, leased bool }{
		0: {false, false}, 20 * time.Second: {true, false}, 5 * time.Hour: {true, true}, -5 * time.Hour: {true, false},
	} {
		now := at
		s := openAt(t, &now)
		session := signIn(t, s, "one")
		id, err := s.AddImport(t.Context(), meeting.Import{User: session.User, Title: "x", TimeZone: "UTC"}, []meeting.ImportRow{{Number: 2, Form: "a=1", ExternalID: "INC1"}, {Number: 3, Form: "a=2", ExternalID: "INC2"}})
		must(t, err)
		rows := importRows(t, s, id)
		for i := range rows {
			rows[i].State = meeting.RowWaiting
		}
		must(t, s.StartImport(t.Context(), id, session.GrantID, rows))
		next := func(done *meeting.RowResult) (int, bool) {
			t.Helper()
			r, ok, _, err := s.NextImportRow(t.Context(), id, done, 2*time.Minute)
			must(t, err)
			return r.Position, ok
		}
		first, _ := next(nil)
		leased, _ := next(&meeting.RowResult{ImportID: id, Position: first, State: meeting.RowWaiting, After: now.Add(16 * time.Second)})
		if first == leased {
			t.Fatalf("row %d was given again at once", first)
		}
		now = at.Add(step)
		given := make(map[int]bool)
		for range 2 {
			if position, ok := next(nil); ok {
				given[position] = true
			}
		}
		if given[first] != want.waiting || given[leased] != want.leased {
			t.Errorf("after a step of %v, the rows %v are given; want the waiting one: %v, and the leased one: %v", step, given, want.waiting, want.leased)
		}
		must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: leased, State: meeting.RowCreated}))
		must(t, s.EndImportRow(t.Context(), meeting.RowResult{ImportID: id, Position: leased, State: meeting.RowFound}))
		if rows = importRows(t, s, id); rows[1].State != meeting.RowCreated {
			t.Errorf("after a step of %v: %+v", step, rows)
		}
	}
}

func importRows(t *testing.T, s *store.Store, id int64) (list []meeting.ImportRow) {
	t.Helper()
	for r, err := range s.ImportRows(t.Context(), id) {
		must(t, err)
		list = append(list, r)
	}
	return list
}

// openAt opens a new store that uses *now as the current time.
func openAt(t *testing.T, now *time.Time) *store.Store {
	t.Helper()
	return openDirAt(t, t.TempDir(), now)
}

func openDirAt(t *testing.T, dir string, now *time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}, Now: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
