package main

import (
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/store"
)

// findDamage damages copies of the database and the emulator's list of meetings. The
// checks must report each kind of damage.
func findDamage(t *testing.T, s *series) {
	ctx := t.Context()
	healthy := filepath.Join(s.site.dir, "copy", store.FileName)
	findings(t, s, "nothing", nil, func() error { return s.checkFile(ctx, healthy) })

	for _, tt := range []struct{ name, statement, want string }{
		{"meetings", `DELETE FROM meetings WHERE state = 'live'`, "LOST: meeting "}, // all live meetings, because a single one may not be in the ledger
		{"a subject", `UPDATE meetings SET subject = 'Another' WHERE state = 'live'`, `"Another" was never asked for`},
		{"a change", `UPDATE meetings SET subject = (SELECT json_extract(asked, '$.subject') FROM attempts a WHERE a.meeting_id = meetings.id ORDER BY a.id LIMIT 1)`, "is older than"},
		{"a join link", `UPDATE meetings SET join_url = 'https://teams.example/other' WHERE state = 'live'`, "its join link is"},
		{"a removal", `UPDATE meetings SET state = 'failed', external_id = external_id || id WHERE state = 'removed'`, "its page said that it was removed"},
		{"a state", `UPDATE meetings SET state = 'removed' WHERE state = 'live'`, "nobody removed it"},
		{"confirmations", `UPDATE meetings SET state = 'unfinished' WHERE state = 'live'`, "its page showed a join link"},
		{"the times", `UPDATE meetings SET start_at = start_at + 60000`, "its times: "},
		{"the length", `UPDATE meetings SET end_at = end_at + 60000`, "its times: "},
		{"the attendees", `DELETE FROM attendees`, "its people: "},
		{"another attendee", `UPDATE attendees SET upn = 'other@contoso.example' WHERE position = 0`, "its people: "},
		{"the roles", `UPDATE attendees SET role = 'coorganizer' WHERE role <> 'coorganizer'`, "its people: "},
		{"the lobby", `UPDATE meetings SET lobby_scope = 'nobody'`, "its lobby: "},
		{"who may present", `UPDATE meetings SET allowed_presenters = 'nobody'`, "its presenters: "},
		{"announcements", `UPDATE meetings SET announce = ''`, "its announce: "},
		{"recordings", `UPDATE meetings SET record = ''`, "its record: "},
		{"notes", `DELETE FROM notes`, "lacks the note"},
		{"hand-overs", `DELETE FROM meeting_people WHERE relation = 'handed over'`, "no longer handed over"},
		{"a part of a form", `DELETE FROM attempts WHERE json_extract(asked, '$.options.lobby') <> '' AND kind = 'update'`, "only a part of a form"},
		{"who created a meeting", `UPDATE attempts SET kind = 'create', outcome = 'created' WHERE outcome = 'adopted'`, " forms are recorded as having created it"},
		{"the newest entry of the index", `DELETE FROM meetings_fts WHERE rowid = (SELECT max(id) FROM meetings)`, "BROKEN: the full-text index lacks"},
		{"the oldest entry of the index", `DELETE FROM meetings_fts WHERE rowid = (SELECT min(id) FROM meetings)`, " does not find meeting "},
		{"queued meetings", `INSERT INTO index_queue (organizer_id, before_id) VALUES (0, 1)`, "BROKEN: the full-text index has been compared for 0 of "},
		{"a word in the index", `INSERT INTO meetings_fts (rowid, subject) VALUES (999999, 'nonsense')`, "BROKEN: the full-text index still has"},
		{"a reference", `INSERT INTO notes (meeting_id, user_id, kind, created_at) VALUES (999999, 1, 'note', 0)`, "BROKEN: a row of notes refers to no row of meetings"},
	} {
		path := damaged(t, healthy, tt.statement)
		findings(t, s, tt.name, []string{tt.want}, func() error { return s.checkFile(ctx, path) })
	}
	findMissingAudit(t, s, healthy)
	findDamageAtMicrosoft(t, s, healthy)
}

// findMissingAudit deletes the audit log's entries for one kind of acknowledged action at a
// time. The checks must report that they are missing.
func findMissingAudit(t *testing.T, s *series, healthy string) {
	actions := make(map[store.AuditAction]bool)
	for entry := range s.ledger.audit {
		actions[entry.action] = true
	}
	for _, action := range []store.AuditAction{
		store.AuditCreate, store.AuditUpdate, store.AuditRemove, store.AuditRefresh, store.AuditAdopt, store.AuditHandOver,
		store.AuditNote, store.AuditSent, store.AuditApplication, store.AuditMeetingRead, store.AuditSignIn,
	} {
		if !actions[action] {
			t.Errorf("no %s was acknowledged", action)
		}
	}
	for action := range actions {
		path := damaged(t, healthy, `DELETE FROM audit WHERE action = '`+string(action)+`'`)
		findings(t, s, string(action), []string{"acknowledged actions: " + string(action)}, func() error { return s.checkFile(t.Context(), path) })
	}
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
		{"another time", "differs from Microsoft's", func(list []atMicrosoft) []atMicrosoft {
			list[live].Meeting.End = list[live].Meeting.End.Add(time.Minute)
			return list
		}},
		{"another option", "differs from Microsoft's", func(list []atMicrosoft) []atMicrosoft {
			list[live].Meeting.Announce = !list[live].Meeting.Announce
			return list
		}},
		{"no attendees", "differs from Microsoft's", func(list []atMicrosoft) []atMicrosoft {
			i := slices.IndexFunc(list, func(m atMicrosoft) bool {
				return !m.Removed && known[m.ID] && len(m.Meeting.Participants.Attendees) > 0
			})
			list[i].Meeting.Participants.Attendees = nil
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
	if _, err := db.ExecContext(t.Context(), `DROP TRIGGER audit_kept`); err != nil {
		t.Fatal(err)
	}
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
