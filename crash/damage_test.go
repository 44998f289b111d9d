package main

import (
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/store"
)

// findDamage damages copies of the database and the emulator's list of meetings. The
// checks must report each kind of damage.
func findDamage(t *testing.T, s *series) {
	ctx := t.Context()
	healthy := filepath.Join(s.site.dir, "copy", store.FileName)
	findings(t, s, "nothing", nil, func() error { return s.checkFile(ctx, healthy) })

	for _, tt := range []struct{ name, statement, want string }{
		{"meetings", `DELETE FROM meetings WHERE state = 'live'`, "LOST: meeting "}, // all of them, because a single one may not be in the ledger
		{"a subject", `UPDATE meetings SET subject = 'Another' WHERE state = 'live'`, `"Another" was never asked for`},
		{"a change", `UPDATE meetings SET subject = (SELECT json_extract(asked, '$.subject') FROM attempts a WHERE a.meeting_id = meetings.id ORDER BY a.id LIMIT 1)`, "is older than"},
		{"a join link", `UPDATE meetings SET join_url = 'https://teams.example/other' WHERE state = 'live'`, "its join link is"},
		{"a removal", `UPDATE meetings SET state = 'failed', external_id = external_id || id WHERE state = 'removed'`, "its page said that it was removed"},
		{"a state", `UPDATE meetings SET state = 'removed' WHERE state = 'live'`, "nobody removed it"},
		{"confirmations", `UPDATE meetings SET state = 'unfinished' WHERE state = 'live'`, "its page showed a join link"},
		{"an option", `UPDATE meetings SET lobby_scope = 'nobody'`, "its setting for the lobby"},
		{"notes", `DELETE FROM notes`, "lacks the note"},
		{"hand-overs", `DELETE FROM meeting_people WHERE relation = 'handed over'`, "no longer handed over"},
		{"a part of a form", `DELETE FROM attempts WHERE json_extract(asked, '$.options.lobby') <> '' AND kind = 'update'`, "only a part of a form"},
		{"who created a meeting", `UPDATE attempts SET kind = 'create', outcome = 'created' WHERE outcome = 'adopted'`, " forms are recorded as having created it"},
		{"an entry of the index", `DELETE FROM meetings_fts WHERE rowid = (SELECT max(id) FROM meetings)`, "BROKEN: the index lacks"},
		{"a word in the index", `INSERT INTO meetings_fts (rowid, subject) VALUES (999999, 'nonsense')`, "BROKEN: the index still has"},
		{"a reference", `INSERT INTO notes (meeting_id, user_id, kind, created_at) VALUES (999999, 1, 'note', 0)`, "BROKEN: a row of notes refers to no row of meetings"},
	} {
		path := damaged(t, healthy, tt.statement)
		findings(t, s, tt.name, []string{tt.want}, func() error { return s.checkFile(ctx, path) })
	}
	findDamageAtMicrosoft(t, s, healthy)
}

// findDamageAtMicrosoft changes the list of meetings that the emulator returns. The
// comparison with the desk's meetings must report each change.
func findDamageAtMicrosoft(t *testing.T, s *series, healthy string) {
	ctx := t.Context()
	if err := s.site.runEmulator(ctx); err != nil {
		t.Fatal(err)
	}
	defer s.site.em.kill()
	there, err := s.site.meetings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", healthy)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := readRows(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, r := range rows {
		known[r.graphID] = r.state == "live"
	}
	live := slices.IndexFunc(there, func(m atMicrosoft) bool { return !m.Removed && known[m.ID] })
	if live < 0 {
		t.Fatal("no meeting is left")
	}
	for _, tt := range []struct {
		name, want string
		change     func(list []atMicrosoft) []atMicrosoft
	}{
		{"nothing", "", func(list []atMicrosoft) []atMicrosoft { return list }},
		{"a second meeting", "DUPLICATED: ", func(list []atMicrosoft) []atMicrosoft {
			second := list[live]
			second.ID = "second"
			return append(list, second)
		}},
		{"a missing meeting", "Microsoft never had", func(list []atMicrosoft) []atMicrosoft { return slices.Delete(list, live, live+1) }},
		{"an unknown meeting", "of which the desk knows nothing", func(list []atMicrosoft) []atMicrosoft {
			return append(list, atMicrosoft{ID: "unknown", ExternalID: "INC-unknown", Organizer: list[live].Organizer})
		}},
		{"another subject", "differs from Microsoft's", func(list []atMicrosoft) []atMicrosoft {
			list[live].Meeting.Subject = "Another"
			return list
		}},
	} {
		want := []string{tt.want}
		if tt.want == "" {
			want = nil
		}
		findings(t, s, "Microsoft: "+tt.name, want, func() error {
			s.compare(tt.change(slices.Clone(there)), rows)
			return nil
		})
	}
}

// damaged executes the statement on a copy of the database and returns the path of the
// copy.
func damaged(t *testing.T, path, statement string) string {
	t.Helper()
	damaged := filepath.Join(t.TempDir(), store.FileName)
	if err := copyFile(path, damaged); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", damaged+"?_pragma=foreign_keys(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	unpackAsked(t, db)
	result, err := db.ExecContext(context.Background(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s: %d rows (%v)", statement, n, err)
	}
	return damaged
}

// unpackAsked replaces the packed form of each attempt with plain JSON, which SQL
// statements can read.
func unpackAsked(t *testing.T, db *sql.DB) {
	t.Helper()
	texts := make(map[int64]string)
	err := each(t.Context(), db, `SELECT id, asked_packed FROM attempts WHERE asked_packed IS NOT NULL`, func(scan func(...any) error) error {
		var (
			id     int64
			packed []byte
		)
		if err := scan(&id, &packed); err != nil {
			return err
		}
		text, err := store.UnpackAsked(packed)
		texts[id] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, text := range texts {
		if _, err := db.ExecContext(t.Context(), `UPDATE attempts SET asked = $1, asked_packed = NULL WHERE id = $2`, text, id); err != nil {
			t.Fatal(err)
		}
	}
}

// findings runs a check and fails the test unless the check reports each of the expected
// strings. If no string is expected, the check must report nothing.
func findings(t *testing.T, s *series, name string, want []string, check func() error) {
	t.Helper()
	var out strings.Builder
	s.out = &out
	err := check()
	s.out = io.Discard
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, text := range want {
		if !strings.Contains(out.String(), text) {
			t.Errorf("%s: want %q in the findings:\n%s", name, text, out.String())
		}
	}
	if len(want) == 0 && out.Len() > 0 {
		t.Errorf("%s: findings:\n%s", name, out.String())
	}
}
