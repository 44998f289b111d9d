package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

var key = []byte("0123456789abcdef0123456789abcdef")

func open(t *testing.T, dir string, keys ...[]byte) *store.Store {
	t.Helper()
	if keys == nil {
		keys = [][]byte{key}
	}
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func signIn(t *testing.T, s *store.Store, oid string) store.Session {
	t.Helper()
	session, err := s.SignIn(context.Background(), meeting.User{TenantID: "t", ObjectID: oid, UPN: oid + "@contoso.example", Role: meeting.Staff},
		store.Tokens{AccessToken: "access of " + oid, RefreshToken: "refresh of " + oid}, []byte(oid), "sid of "+oid, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func TestOneProcessOwnsTheDataDirectory(t *testing.T) {
	enginetest.SQLiteOnly(t, "several processes may use PostgreSQL")
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := store.Open(context.Background(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("second Open: %v, want ErrLocked", err)
	}
	older, err := os.Open(filepath.Join(dir, "lock")) // older versions lock only this file
	if err != nil {
		t.Fatal(err)
	}
	defer older.Close()
	if err := syscall.Flock(int(older.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Errorf("an older version locks the file: %v, want EWOULDBLOCK", err)
	}
	if err := os.Remove(filepath.Join(dir, "lock")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(context.Background(), store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{key}}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("Open after somebody deleted the lock file: %v, want ErrLocked", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestTokensAreStoredEncrypted(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	one, two := signIn(t, s, "one"), signIn(t, s, "two")
	if got, err := s.Tokens(ctx, one.GrantID); err != nil || got.RefreshToken != "refresh of one" {
		t.Fatalf("%+v, %v", got, err)
	}
	file := allFiles(t, dir)
	for _, secret := range []string{"access of one", "refresh of two"} {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("%q is readable on the disk", secret)
		}
	}

	t.Run("tokens moved to another row", func(t *testing.T) {
		if err := behind(t, dir, `UPDATE grants SET tokens = (SELECT tokens FROM grants WHERE id = 2) WHERE id = 1`); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Tokens(ctx, one.GrantID); meeting.CodeOf(err) != meeting.Unauthorized {
			t.Errorf("%+v, %v; want Unauthorized", got, err)
		}
	})
	t.Run("tokens after the last session ended", func(t *testing.T) {
		if err := s.EndSession(ctx, []byte("two"), store.SignedOut); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Tokens(ctx, two.GrantID); meeting.CodeOf(err) != meeting.Unauthorized {
			t.Errorf("%v, want Unauthorized", err)
		}
	})
}

func TestTokensSurviveAKeyRotation(t *testing.T) {
	ctx, dir, newer := context.Background(), t.TempDir(), bytes.Repeat([]byte{7}, 32)
	s := open(t, dir, key)
	one := signIn(t, s, "one")
	s.Close()
	s = open(t, dir, newer, key)
	if got, err := s.Tokens(ctx, one.GrantID); err != nil || got.AccessToken != "access of one" {
		t.Errorf("with both keys: %+v, %v", got, err)
	}
	renewal, err := s.BeginRenewal(ctx, one.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveTokens(ctx, renewal, store.Tokens{AccessToken: "rotated"}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = open(t, dir, newer)
	if got, err := s.Tokens(ctx, one.GrantID); err != nil || got.AccessToken != "rotated" {
		t.Errorf("with the new key alone: %+v, %v", got, err)
	}
}

// allFiles returns the content of SQLite's files, or all rows of PostgreSQL's tables.
func allFiles(t *testing.T, dir string) (content []byte) {
	t.Helper()
	if postgrestest.Wanted() {
		db := enginetest.Connect(t, dir)
		return []byte(enginetest.Dump(t, db) + strings.Join(enginetest.Texts(t, db, `SELECT encode(tokens, 'escape') FROM grants`), "\n"))
	}
	names, err := filepath.Glob(filepath.Join(dir, store.FileName+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		content = append(content, part...)
	}
	return content
}

// changed runs a statement on a connection outside the store and returns the number of rows
// that it changed.
func changed(t *testing.T, dir, statement string) int64 {
	t.Helper()
	db := enginetest.Connect(t, dir)
	result, err := db.Exec(statement)
	if err != nil {
		t.Fatal(err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// behind runs a statement on a connection outside the store and returns its error. It fails
// the test if the statement succeeds but changes no rows.
func behind(t *testing.T, dir, statement string) error {
	t.Helper()
	db := enginetest.Connect(t, dir)
	result, err := db.Exec(statement)
	if err == nil {
		if n, _ := result.RowsAffected(); n == 0 {
			t.Errorf("%s: changed nothing", statement)
		}
	}
	return err
}

// finished records a meeting with the given details, as if Graph had returned them, and
// returns its ID.
func finished(t *testing.T, s *store.Store, person meeting.User, externalID string, d meeting.Details) int64 {
	t.Helper()
	ctx := context.Background()
	begun, err := s.Begin(ctx, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate,
		Asked: meeting.Asked{ExternalID: externalID, TimeZone: "UTC"}})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.Finish(ctx, store.Result{AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created,
		Reply: &meeting.Reply{Created: true, Raw: []byte(`{}`), Details: d}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestNewerAttemptSupersedesOlder(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	person := signIn(t, s, "one").User
	in := store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}}
	begun, err := s.Begin(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	first := begun[0].Attempt
	begun, err = s.Begin(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if first.MeetingID != begun[0].MeetingID {
		t.Errorf("meetings %d and %d for one organizer and external ID, want one", first.MeetingID, begun[0].MeetingID)
	}
	if first, err = s.Attempt(ctx, first.ID); err != nil || first.State != meeting.AttemptSuperseded {
		t.Errorf("the first attempt is %s (%v), want superseded", first.State, err)
	}
	if len(first.Calls) != 1 || !first.Calls[0].Unsure {
		t.Errorf("the first attempt had no outcome, and its calls are %+v; want one unsure call", first.Calls)
	}
	for name, err := range map[string]error{"Reopen": s.Reopen(ctx, first), "Dismiss": s.Dismiss(ctx, first.ID, person.ID)} {
		if meeting.CodeOf(err) != meeting.Conflict {
			t.Errorf("%s of a superseded attempt: %v, want Conflict", name, err)
		}
	}
}

// Once a newer attempt for the meeting has begun, an older refresh can no longer be
// finished, so it becomes superseded.
func TestNewerAttemptSupersedesRefresh(t *testing.T) {
	ctx := context.Background()
	for _, state := range []meeting.AttemptState{meeting.AttemptPending, meeting.AttemptUnfinished} {
		s := open(t, t.TempDir())
		person := signIn(t, s, "one").User
		id := finished(t, s, person, "INC1", reply("G1", "First").Details)
		in := store.Intention{MeetingID: id, Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindRefresh}
		look := begin(t, s, in)
		if state == meeting.AttemptUnfinished {
			if _, err := s.Finish(ctx, store.Result{AttemptID: look.ID, State: state, Reason: meeting.ReasonNoAnswer}); err != nil {
				t.Fatal(err)
			}
		}
		in.Kind, in.Asked = meeting.KindUpdate, meeting.Asked{Options: meeting.Options{Lobby: "everyone"}}
		begin(t, s, in)
		if a, err := s.Attempt(ctx, look.ID); err != nil || a.State != meeting.AttemptSuperseded {
			t.Errorf("a refresh that was %s is %s (%v) after a newer attempt, want superseded", state, a.State, err)
		}
	}
}

func TestPendingAttemptIsUnfinishedAfterARestart(t *testing.T) {
	enginetest.SQLiteOnly(t, "another desk may be working on the attempt; see TestOnlyStoppedDesksAreSettled")
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	begun, err := s.Begin(ctx, store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = open(t, dir)
	a, err := s.Attempt(ctx, begun[0].ID)
	if err != nil || a.State != meeting.AttemptUnfinished || a.Reason != meeting.ReasonStopped || len(a.Calls) != 1 || !a.Calls[0].Unsure {
		t.Errorf("%+v, %v; want unfinished, with one unsure call", a, err)
	}
	unfinished, err := s.Unfinished(ctx, person.ID, 10)
	if err != nil || len(unfinished) != 1 {
		t.Errorf("%d unfinished meetings (%v), want 1", len(unfinished), err)
	}
}
