package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/enginetest"
	"meetdesk/store/listing"
	"meetdesk/store/postgrestest"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/transfer"
)

var keys = [][]byte{[]byte("0123456789abcdef0123456789abcdef")}

func openStore(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	o.Keys = keys
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// filled returns a data directory whose database has rows in every table that is copied.
// Two tables are large enough to be copied in several parts.
func filled(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s := openStore(t, store.Options{Dir: dir})
	session, err := s.SignIn(t.Context(), meeting.User{TenantID: "t", ObjectID: "o", UPN: "priya@contoso.example", Name: "Priya", Role: meeting.Staff}, store.Tokens{AccessToken: "access", RefreshToken: "refresh"}, []byte("hash"), "sid", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for i, subject := range []string{"Printer on fire", "Router\x00 lost"} {
		id := create(t, s, session.User, fmt.Sprintf("INC%d", i+1), subject)
		if err := s.AddNote(t.Context(), id, session.User.ID, meeting.Note{Kind: "note", Text: "called"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SaveWait(t.Context(), store.Graph, session.User.ID, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, dir,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500) INSERT INTO audit (at, user_id, action, detail) SELECT i, 1, 'history.read', 'é ' || i FROM n`,
		`INSERT INTO imports (id, user_id, title, time_zone, unknown, state, created_at) VALUES (7, 1, 'list.csv', 'UTC', '[]', 'draft', 1), (50, 1, '', 'UTC', '[]', 'draft', 1)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, state)
			SELECT CASE WHEN i < 1500 THEN 7 ELSE 50 END, i, i, '', '', '', 'draft' FROM n`,
		`INSERT INTO import_extras (import_id, position, cells) VALUES (7, 1, '["cell"]')`,
		`DELETE FROM import_rows WHERE import_id = 50 AND position > 2490`,
		`INSERT INTO imports (id, user_id, title, time_zone, unknown, state, created_at) VALUES (80, 1, '', 'UTC', '[]', 'draft', 1)`, `DELETE FROM imports WHERE id = 80`,
		`INSERT INTO ended_access (meeting_id, user_id, ended_by, ended_at) VALUES (1, 1, 1, 1)`,
		`INSERT INTO presets (name, name_key, prefix, subject, minutes, lobby, presenters, announce, record, version, changed_by, changed_at) VALUES ('n', 'n', '', '', 30, '', '', '', '', 1, 1, 1)`,
		`INSERT INTO retention_tasks (kind, by_id, created_at, done_at) VALUES ('purge', 1, 1, 2)`,
		`INSERT INTO reply_dictionaries (id, body, created_at) VALUES (9, x'00ff27', 1)`,
		`UPDATE attempts SET desk_id = 1`, `UPDATE attempts SET accepted = 1 WHERE id = 2`,
		`UPDATE attempts SET state = 'pending', base_reply_id = 2 WHERE id = 1`,
		`UPDATE retention_rule SET meeting_months = 120`, `UPDATE next_ids SET meeting = 70000`,
	)
	return dir
}

func create(t *testing.T, s *store.Store, person meeting.User, externalID, subject string) int64 {
	t.Helper()
	begun, err := s.Begin(t.Context(), store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: externalID, TimeZone: "UTC"}})
	if err != nil {
		t.Fatal(err)
	}
	d := meeting.Details{GraphID: "graph " + externalID, Subject: subject, Attendees: []meeting.Attendee{{UPN: "tomas@contoso.example"}, {UPN: "dana@contoso.example"}}}
	id, err := s.Finish(t.Context(), store.Result{AttemptID: begun[0].ID, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created,
		Calls: []meeting.Call{{Method: "POST", Status: 201, StartedAt: time.Now()}}, Reply: &meeting.Reply{Created: true, Raw: []byte(`{"subject":"` + externalID + `"}`), Details: d}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func change(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sqlitedb.OpenFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range statements {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func place(t *testing.T, text string) transfer.Place {
	t.Helper()
	p, err := transfer.ParsePlace(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustCopy(t *testing.T, from, to string) transfer.Report {
	t.Helper()
	r, err := transfer.Copy(t.Context(), transfer.Options{From: place(t, from), To: place(t, to), Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A copy to PostgreSQL and back preserves the rows, sessions and search results. New
// meetings and imports do not get the IDs of deleted ones.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	address := postgrestest.Empty(t)
	there := mustCopy(t, "sqlite:"+filled(t), address)
	rows := make(map[string]int64)
	for _, table := range there.Tables {
		rows[table.Name] = table.Rows
		if table.Rows == 0 {
			t.Errorf("the table %s is empty, so this test shows nothing about it", table.Name)
		}
	}
	if rows["audit"] < 4500 || rows["import_rows"] != 2490 || rows["attendees"] != 4 {
		t.Errorf("the copy has %v rows", rows)
	}
	sameSchema(t, postgresSchema(t, address), postgresSchema(t, postgrestest.New(t)))
	back, empty := t.TempDir(), t.TempDir()
	openStore(t, store.Options{Dir: empty}).Close()
	if again := mustCopy(t, address, "sqlite:"+back); fmt.Sprint(again.Tables) != fmt.Sprint(there.Tables) {
		t.Errorf("there:\n%vback:\n%v", there, again)
	}
	sameSchema(t, sqliteSchema(t, back), sqliteSchema(t, empty))
	if _, err := backup.Verify(t.Context(), filepath.Join(back, store.FileName)); err != nil {
		t.Error(err)
	}
	for name, o := range map[string]store.Options{"PostgreSQL": {Database: address}, "back on SQLite": {Dir: back}} {
		t.Run(name, func(t *testing.T) { isUsable(t, openStore(t, o)) })
	}
}

// sameSchema compares the schema of a copy with the one that the migrations make.
func sameSchema(t *testing.T, got, want []string) {
	t.Helper()
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("the copy should not have: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("the copy lacks: %s", line)
		}
	}
	if len(want) < 60 || len(got) != len(want) {
		t.Errorf("the schema of the copy has %d parts, want %d", len(got), len(want))
	}
}

// postgresSchema returns the columns, indexes, constraints, triggers and functions, in no
// particular order.
func postgresSchema(t *testing.T, address string) (all []string) {
	t.Helper()
	db := connect(t, address)
	for _, q := range []string{
		`SELECT concat_ws(' ', a.attrelid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attcollation, a.attstattarget, pg_get_expr(d.adbin, d.adrelid))
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0 AND c.relnamespace = 'public'::regnamespace`,
		`SELECT concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisready, indisprimary, indisclustered, indisreplident) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace`,
		`SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
		`SELECT concat_ws(' ', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal`,
		`SELECT concat_ws(' ', tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgdeferrable, tginitdeferred, count(*)) FROM pg_trigger WHERE tgisinternal GROUP BY tgrelid, tgfoid, tgtype, tgenabled, tgdeferrable, tginitdeferred`,
		`SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
	} {
		all = append(all, enginetest.Texts(t, db, q)...)
	}
	return all
}

func sqliteSchema(t *testing.T, dir string) []string {
	t.Helper()
	db, err := sqlitedb.OpenFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return enginetest.Texts(t, db, `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema`)
}

func isUsable(t *testing.T, s *store.Store) {
	ctx := t.Context()
	session, err := s.Session(ctx, []byte("hash"), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if tokens, err := s.Tokens(ctx, session.GrantID); err != nil || tokens.RefreshToken != "refresh" {
		t.Errorf("tokens: %+v, %v", tokens, err)
	}
	for text, want := range map[string]int64{"printer fire": 1, "router": 2, "dana": 2} {
		if page, err := s.History(ctx, listing.Criteria{UserID: session.User.ID, Text: text, Limit: 5}); err != nil || len(page.Rows) == 0 || page.Rows[0].ID != want {
			t.Errorf("search for %q: %+v, %v; want the meeting %d", text, page.Rows, err, want)
		}
	}
	replies, err := s.Replies(ctx, 2, 1)
	if err != nil || len(replies) != 1 || string(replies[0].Raw) != `{"subject":"INC2"}` {
		t.Errorf("reply: %+v, %v", replies, err)
	}
	for id, want := range map[int64]meeting.AttemptState{1: meeting.AttemptUnfinished, 2: meeting.AttemptDone} { // the process of attempt 1 has ended
		if a, err := s.Attempt(ctx, id); err != nil || a.State != want || a.Accepted != (id == 2) {
			t.Errorf("attempt %d: %s, accepted %v, %v; want %s", id, a.State, a.Accepted, err, want)
		}
	}
	if id := create(t, s, session.User, "INC9", "Next"); id != 70000 {
		t.Errorf("the next meeting gets the number %d, want 70000", id)
	}
	if id, err := s.AddImport(ctx, meeting.Import{User: session.User, TimeZone: "UTC"}, nil); err != nil || id != 81 {
		t.Errorf("the next import gets the number %d, %v; want 81", id, err)
	}
}

// An interrupted copy can be continued, no matter where it was interrupted. Until the
// copy is complete, no desk can open it.
func TestInterruptedCopy(t *testing.T) {
	t.Parallel()
	source := filled(t)
	there, back := postgrestest.Empty(t), t.TempDir()
	interrupted(t, "sqlite:"+source, there, func() error {
		s, err := store.Open(t.Context(), store.Options{Database: there, Keys: keys})
		return errors.Join(err, closed(s))
	}, "is an unfinished copy")
	interrupted(t, there, "sqlite:"+back, func() error {
		_, err := os.Stat(filepath.Join(back, store.FileName))
		return err
	}, "no such file")
	isUsable(t, openStore(t, store.Options{Dir: back}))
}

func closed(s *store.Store) error {
	if s == nil {
		return nil
	}
	return s.Close()
}

// interrupted makes a copy, interrupting it after one part, then after two more, and so on,
// until it is complete. After each interruption, the use callback must fail with an error
// that contains the wanted text.
func interrupted(t *testing.T, from, to string, use func() error, want string) {
	t.Helper()
	within := make(map[string]bool)
	for parts := 1; ; parts++ {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		left := parts
		_, err := transfer.Copy(ctx, transfer.Options{From: place(t, from), To: place(t, to), Progress: func(what string, done, all int64) {
			if left--; left == 0 {
				stop()
				if done < all {
					within[what] = true
				}
			}
		}}.InParts(1000))
		if err == nil {
			if !within["audit"] || !within["import_rows"] || !within["indexes"] {
				t.Errorf("the copy was interrupted only within: %v", slices.Collect(maps.Keys(within)))
			}
			if parts < 20 {
				t.Errorf("the copy was complete after %d parts, so it was hardly interrupted", parts)
			}
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d parts: %v", parts, err)
		}
		if err := use(); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("after %d parts, a desk gets: %v; want %q", parts, err, want)
		}
	}
}
