package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

func TestWritesAreAllOrNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	for name, act := range writingActs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := newBroken(t, act)
			if err := whole.act(); err != nil {
				t.Fatal(err)
			}
			writes := whole.takeWrites()
			if len(writes) == 0 {
				t.Fatal("nothing was written")
			}
			b := newBroken(t, act)
			b.refuseEach(writes)
			if err := b.act(); err != nil {
				t.Errorf("after the failures: %v", err)
			}
			if again := b.takeWrites(); !slices.Equal(again, writes) {
				t.Errorf("after the failures, %q was written, want %q", again, writes)
			}
		})
	}
}

// broken runs one of the writingActs on a database in which writes fail. The db field is a
// separate connection to the store's database.
type broken struct {
	t   *testing.T
	db  *sql.DB
	act func() error
}

func newBroken(t *testing.T, act writingAct) *broken {
	t.Helper()
	dir := t.TempDir()
	run := act(t, open(t, dir))
	db := enginetest.Connect(t, dir)
	enginetest.NumberWrites(t, db)
	return &broken{t, db, run}
}

// takeWrites returns the kind and the table of each write since the previous call.
func (b *broken) takeWrites() []string {
	b.t.Helper()
	writes := enginetest.Texts(b.t, b.db, `SELECT name FROM test_writes`)
	if _, err := b.db.Exec(`DELETE FROM test_writes`); err != nil {
		b.t.Fatal(err)
	}
	return writes
}

// refuseEach runs the action once for each of its writes and makes a different write fail
// each time. No run may change the database.
func (b *broken) refuseEach(writes []string) {
	b.t.Helper()
	for i, write := range writes {
		enginetest.RefuseWrite(b.t, b.db, i+1)
		before := enginetest.Dump(b.t, b.db)
		if err := b.act(); !isRefusal(err) {
			b.t.Fatalf("%s failed, which is write %d of %q, and the result was %v", write, i+1, writes, err)
		}
		if after := enginetest.Dump(b.t, b.db); after != before {
			b.t.Fatalf("%s failed, which is write %d of %q, but the database now has %s", write, i+1, writes, firstDifference(before, after))
		}
	}
	enginetest.RefuseWrite(b.t, b.db, 0)
}

// isRefusal reports whether a refused write caused the error. SQLite's full-text index
// returns only the code of such an error.
func isRefusal(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "the disk is full") || strings.HasSuffix(err.Error(), "constraint failed (1811)"))
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

// writingAct prepares a store for a method that writes and returns a function that calls
// the method.
type writingAct func(*testing.T, *store.Store) func() error

// writingActs returns actions that write several rows in one transaction. Each name begins
// with the name of the store's method.
func writingActs() map[string]writingAct {
	acts := map[string]writingAct{
		"SignIn": func(t *testing.T, s *store.Store) func() error {
			for i := range 20 { // a person may have 20 sessions; a further sign-in ends the oldest
				if err := signInWith(s, fmt.Append(nil, i)); err != nil {
					t.Fatal(err)
				}
			}
			store.Write(t, s, `UPDATE sessions SET expires_at = 1 WHERE id = (SELECT max(id) FROM sessions)`)
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
		"Adopt of an unknown meeting": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			r := reply("G1", "Elsewhere")
			r.ExternalID, r.Attendees = "INC1", []meeting.Attendee{{UPN: "dana@contoso.example"}}
			return func() error {
				_, err := s.Adopt(context.Background(), store.Adoption{Organizer: u, Reply: *r})
				return err
			}
		},
		"HandOver": func(t *testing.T, s *store.Store) func() error {
			id := finished(t, s, signIn(t, s, "one").User, "INC1", reply("G1", "First").Details)
			other := signIn(t, s, "two").User
			return func() error { return s.HandOver(context.Background(), id, other.ID, meeting.TicketKey("INC1")) }
		},
		"EndAccess": func(t *testing.T, s *store.Store) func() error {
			id, u, other := handedOver(t, s)
			return func() error { return s.EndAccess(context.Background(), id, other.ID, u.ID) }
		},
		"GiveAccess": func(t *testing.T, s *store.Store) func() error {
			id, u, other := handedOver(t, s)
			must(t, s.EndAccess(t.Context(), id, other.ID, u.ID))
			return func() error { return s.GiveAccess(context.Background(), id, u.ID, []int64{other.ID}) }
		},
		"AuditMeetings": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			list := []int64{finished(t, s, u, "INC1", reply("G1", "First").Details), finished(t, s, u, "INC2", reply("G2", "Second").Details)}
			return func() error { return s.AuditMeetings(context.Background(), u.ID, store.AuditMeetingRead, list, "") }
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
	for _, more := range []map[string]writingAct{attemptActs(), presetActs(), sessionActs(), importActs(), backgroundActs()} {
		maps.Copy(acts, more)
	}
	return acts
}

func handedOver(t *testing.T, s *store.Store) (id int64, organizer, other meeting.User) {
	t.Helper()
	organizer, other = signIn(t, s, "one").User, signIn(t, s, "two").User
	id = finished(t, s, organizer, "INC1", reply("G1", "First").Details)
	must(t, s.HandOver(t.Context(), id, other.ID, meeting.TicketKey("INC1")))
	return id, organizer, other
}

func createOf(u meeting.User, externalID string) store.Intention {
	return store.Intention{Organizer: u, Actor: u, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{
		ExternalID: externalID, Subject: "Printer", TimeZone: "Europe/Lisbon", Attendees: []meeting.Attendee{{UPN: "dana@contoso.example"}},
	}}
}

func attemptActs() map[string]writingAct {
	return map[string]writingAct{
		"Begin": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			other := createOf(u, "INC1")
			other.Actor = signIn(t, s, "two").User
			other.Asked.Attendees = []meeting.Attendee{{UPN: "priya@contoso.example"}}
			begin(t, s, other)
			return func() error {
				_, err := s.Begin(context.Background(), createOf(u, "INC1"), createOf(u, "INC2"))
				return err
			}
		},
		"Begin in application mode": func(t *testing.T, s *store.Store) func() error {
			in := createOf(signIn(t, s, "one").User, "INC1")
			in.Mode = meeting.Application
			return func() error { _, err := s.Begin(context.Background(), in); return err }
		},
		"Begin of two changes": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			id := finished(t, s, u, "INC1", reply("G1", "First").Details)
			change := func(o meeting.Options) store.Intention {
				return store.Intention{MeetingID: id, Organizer: u, Actor: u, Mode: meeting.Delegated, Kind: meeting.KindUpdate, Asked: meeting.Asked{Options: o}}
			}
			return func() error {
				_, err := s.Begin(context.Background(), change(meeting.Options{Lobby: "everyone"}), change(meeting.Options{Record: meeting.On}))
				return err
			}
		},
		"Finish with a reply": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			in := createOf(u, "INC1")
			in.Mode = meeting.Application
			r := finishOf(begin(t, s, in), reply("G1", "Another subject"))
			r.Reply.Attendees = []meeting.Attendee{{UPN: "priya@contoso.example"}}
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Finish for another Graph ID": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			finished(t, s, u, "INC1", reply("G1", "First").Details)
			r := finishOf(begin(t, s, createOf(u, "INC1")), reply("G2", "Second"))
			return func() error { _, err := s.Finish(context.Background(), r); return err }
		},
		"Finish for the Graph ID of an adopted meeting": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			if _, err := s.Adopt(t.Context(), store.Adoption{Organizer: u, Reply: *reply("G1", "Adopted")}); err != nil {
				t.Fatal(err)
			}
			r := finishOf(begin(t, s, createOf(u, "INC1")), reply("G1", "Adopted")) // the adopted meeting does not have this external ID
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
			in := createOf(signIn(t, s, "one").User, "INC1")
			in.Mode = meeting.Application
			a := begin(t, s, in)
			if _, err := s.Finish(t.Context(), store.Result{AttemptID: a.ID, State: meeting.AttemptFailed, Reason: meeting.ReasonForbidden}); err != nil {
				t.Fatal(err)
			}
			return func() error { return s.Reopen(context.Background(), a.Attempt) }
		},
		"Reopen of a pending attempt": func(t *testing.T, s *store.Store) func() error {
			a := begin(t, s, createOf(signIn(t, s, "one").User, "INC1"))
			return func() error { return s.Reopen(context.Background(), a.Attempt) }
		},
		"Dismiss": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			a := begin(t, s, createOf(u, "INC1"))
			return func() error { return s.Dismiss(context.Background(), a.ID, u.ID) }
		},
		"Accept": func(t *testing.T, s *store.Store) func() error {
			u := signIn(t, s, "one").User
			a := begin(t, s, createOf(u, "INC1"))
			if _, err := s.Finish(t.Context(), finishOf(a, reply("G1", "Another subject"))); err != nil {
				t.Fatal(err)
			}
			return func() error { return s.Accept(context.Background(), a.ID, u.ID) }
		},
	}
}

// finishOf returns the result of a successful attempt, followed by two further attempts
// that set options.
func finishOf(a store.Begun, r *meeting.Reply) store.Result {
	return store.Result{
		AttemptID: a.ID, Version: a.Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created, Reply: r,
		Calls: []meeting.Call{{Method: "POST", StartedAt: time.Now(), Status: 201}},
		Next:  []meeting.Asked{{Options: meeting.Options{Lobby: "everyone"}}, {Options: meeting.Options{Record: meeting.On}}},
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
