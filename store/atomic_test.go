package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// Each method in writingActs writes all of its rows or none, whichever write fails.
func TestWritesAreAllOrNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	for name, act := range writingActs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			writes := listWrites(t, act)
			if len(writes) == 0 {
				t.Fatal("the method wrote nothing")
			}
			for _, w := range writes {
				b := newBroken(t, act)
				enginetest.Refuse(t, b.db, w.kind, w.table, "", "the disk is full")
				if err := b.wantNothingWritten(); err == nil || !strings.Contains(err.Error(), "the disk is full") {
					t.Errorf("%s %s failed, and the method returned %v", w.kind, w.table, err)
				}
			}
			if postgrestest.Wanted() {
				return
			}
			b := newBroken(t, act)
			b.exec(`ALTER TABLE meetings_fts RENAME TO hidden`) // SQLite's full-text index cannot have triggers
			if err := b.wantNothingWritten(); err != nil && !strings.Contains(err.Error(), "meetings_fts") {
				t.Errorf("the index failed, and the method returned %v", err)
			}
		})
	}
}

// write is one kind of write, such as INSERT into attempts.
type write struct{ kind, table string }

// listWrites returns the kinds of writes that the method makes.
func listWrites(t *testing.T, act writingAct) (writes []write) {
	t.Helper()
	b := newBroken(t, act)
	tables := slices.DeleteFunc(enginetest.Tables(t, b.db), func(table string) bool {
		return strings.HasPrefix(table, "meetings_fts") && !postgrestest.Wanted()
	})
	enginetest.RecordWrites(t, b.db, tables)
	if err := b.act(); err != nil {
		t.Fatal(err)
	}
	for _, row := range enginetest.Texts(t, b.db, `SELECT DISTINCT kind || ' ' || name FROM test_writes WHERE name <> 'test_writes'`) {
		kind, table, _ := strings.Cut(row, " ")
		writes = append(writes, write{kind, table})
	}
	return writes
}

// broken tests one method of a store. act calls the method, and db is a separate connection
// to the store's database.
type broken struct {
	t   *testing.T
	db  *sql.DB
	act func() error
}

func newBroken(t *testing.T, act writingAct) *broken {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	run := act(t, s)
	db := enginetest.Connect(t, dir)
	return &broken{t, db, run}
}

func (b *broken) exec(q string) {
	b.t.Helper()
	if _, err := b.db.ExecContext(b.t.Context(), q); err != nil {
		b.t.Fatalf("%s: %v", q, err)
	}
}

// wantNothingWritten calls the method and returns its error. If the method returns an
// error, it must not have changed any row.
func (b *broken) wantNothingWritten() error {
	b.t.Helper()
	before := enginetest.Dump(b.t, b.db)
	err := b.act()
	if after := enginetest.Dump(b.t, b.db); err != nil && after != before {
		b.t.Errorf("%v, but the method wrote %s", err, firstDifference(before, after))
	}
	return err
}

func firstDifference(before, after string) string {
	old, lines := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i, line := range lines {
		if i >= len(old) || old[i] != line {
			return line
		}
	}
	return "a row is missing"
}

// writingAct prepares a store for a method that writes, and returns a function that calls
// the method.
type writingAct func(*testing.T, *store.Store) func() error

// writingActs returns actions for methods of the store that write several rows, by the
// name of the method.
func writingActs() map[string]writingAct {
	acts := map[string]writingAct{
		"SignIn": func(t *testing.T, s *store.Store) func() error {
			for i := range 20 { // these are as many sessions as a person may have; one more ends the oldest
				if err := signInWith(s, fmt.Append(nil, i)); err != nil {
					t.Fatal(err)
				}
			}
			return func() error { return signInWith(s, []byte("new")) }
		},
		"SaveWait": func(t *testing.T, s *store.Store) func() error {
			save := func(at time.Time) error { return s.SaveWait(context.Background(), store.Graph, 1, at) }
			if err := save(time.Now().Add(-time.Minute)); err != nil {
				t.Fatal(err)
			}
			return func() error { return save(time.Now().Add(time.Minute)) }
		},
		"EndSession": func(t *testing.T, s *store.Store) func() error {
			signIn(t, s, "one")
			return func() error { return s.EndSession(context.Background(), []byte("one"), store.SignedOut) }
		},
		"EndProviderSession": func(t *testing.T, s *store.Store) func() error {
			signIn(t, s, "one")
			return func() error { return s.EndProviderSession(context.Background(), "sid of one") }
		},
		"Organizer": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			finished(t, s, u, "INC1", reply("G1", "First").Details)
			u.Name = "Renamed"
			return func() error { _, err := s.Organizer(context.Background(), u); return err }
		},
		"Adopt": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			asked := createOf(u, "INC1")
			begin(t, s, asked)
			r := reply("G1", "Elsewhere")
			r.ExternalID = "INC1"
			return func() error {
				_, err := s.Adopt(context.Background(), store.Adoption{Organizer: u, Reply: *r, Calls: []meeting.Call{{Method: "GET", StartedAt: time.Now()}}})
				return err
			}
		},
		"HandOver": func(t *testing.T, s *store.Store) func() error {
			id := finished(t, s, signIn(t, s, "one").User, "INC1", reply("G1", "First").Details)
			other := signIn(t, s, "two").User
			return func() error { return s.HandOver(context.Background(), id, other.ID, meeting.TicketKey("INC1")) }
		},
		"AddNote": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			id := finished(t, s, u, "INC1", reply("G1", "First").Details)
			return func() error {
				return s.AddNote(context.Background(), id, u.ID, meeting.Note{Kind: meeting.Remark, Text: "called back"})
			}
		},
		"TakeBackNote": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			id := finished(t, s, u, "INC1", reply("G1", "First").Details)
			if err := s.AddNote(t.Context(), id, u.ID, meeting.Note{Kind: meeting.Sent}); err != nil {
				t.Fatal(err)
			}
			return func() error { return s.TakeBackNote(context.Background(), id, u.ID, 1) }
		},
	}
	for name, act := range attemptActs() {
		acts[name] = act
	}
	for name, act := range presetActs() {
		acts[name] = act
	}
	return acts
}

func createOf(u meeting.User, externalID string) store.Intention {
	return store.Intention{Organizer: u, Actor: u, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{
		ExternalID: externalID, Subject: "Printer", TimeZone: "Europe/Lisbon", Attendees: []meeting.Attendee{{UPN: "dana@contoso.example"}},
	}}
}

// attemptActs returns the actions for the methods that begin, finish and repeat attempts.
func attemptActs() map[string]writingAct {
	return map[string]writingAct{
		"Begin": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			begin(t, s, createOf(u, "INC1"))
			return func() error {
				_, err := s.Begin(context.Background(), createOf(u, "INC1"), createOf(u, "INC2"))
				return err
			}
		},
		"Finish with a reply": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			r := finishOf(begin(t, s, createOf(u, "INC1")), reply("G1", "Another subject"))
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Finish for another Graph ID": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			finished(t, s, u, "INC1", reply("G1", "First").Details)
			r := finishOf(begin(t, s, createOf(u, "INC1")), reply("G2", "Second"))
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Finish of a failed create": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			r := finishOf(begin(t, s, createOf(u, "INC1")), nil)
			r.State, r.Outcome, r.Next, r.Reason = meeting.AttemptFailed, "", nil, meeting.ReasonForbidden
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Finish of a removal": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			in := createOf(u, "INC1")
			in.MeetingID, in.Kind = finished(t, s, u, "INC1", reply("G1", "First").Details), meeting.KindUpdate
			begin(t, s, in)
			in.Kind = meeting.KindRemove
			r := finishOf(begin(t, s, in), nil)
			r.Outcome, r.Next = meeting.OutcomeRemoved, nil
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Reopen": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			a := begin(t, s, createOf(u, "INC1"))
			if _, err := s.Finish(t.Context(), store.Result{AttemptID: a.ID, State: meeting.AttemptFailed, Reason: meeting.ReasonForbidden}); err != nil {
				t.Fatal(err)
			}
			return func() error { return s.Reopen(context.Background(), a.ID, u.ID) }
		},
		"Dismiss": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			a := begin(t, s, createOf(u, "INC1"))
			return func() error { return s.Dismiss(context.Background(), a.ID, u.ID) }
		},
	}
}

// finishOf returns the result of an attempt that Graph answered. The result asks for
// another attempt, which sets an option.
func finishOf(a store.Begun, r *meeting.Reply) store.Result {
	return store.Result{
		AttemptID: a.ID, Version: a.Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: r,
		Calls: []meeting.Call{{Method: "POST", StartedAt: time.Now(), Status: 201}},
		Next:  []meeting.Asked{{Options: meeting.Options{Lobby: "everyone"}}},
	}
}

func presetActs() map[string]writingAct {
	return map[string]writingAct{
		"AddPreset": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			return func() error { return s.AddPreset(context.Background(), u.ID, meeting.Preset{Name: "Review"}) }
		},
		"ChangePreset": func(t *testing.T, s *store.Store) func() error {
			u, p := withPreset(t, s)
			p.Name = "Remote support"
			return func() error { return s.ChangePreset(context.Background(), u.ID, p) }
		},
		"RemovePreset": func(t *testing.T, s *store.Store) func() error {
			u, p := withPreset(t, s)
			return func() error { return s.RemovePreset(context.Background(), u.ID, p.ID, p.Version) }
		},
	}
}

func withPreset(t *testing.T, s *store.Store) (meeting.User, meeting.Preset) {
	t.Helper()
	u := signIn(t, s, "one").User
	if err := s.AddPreset(t.Context(), u.ID, meeting.Preset{Name: "Review"}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Presets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u, list[0]
}

func signInWith(s *store.Store, hash []byte) error {
	u := meeting.User{TenantID: "t", ObjectID: "one", UPN: "one@contoso.example", Role: meeting.Staff}
	_, err := s.SignIn(context.Background(), u, store.Tokens{AccessToken: "a", RefreshToken: "r"}, hash, "sid", time.Hour)
	return err
}
