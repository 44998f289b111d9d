package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"meetdesk/meeting"
	"meetdesk/migrations"
	"meetdesk/store"
)

// A folder of before the concerns: what was tried then is about what it was about.
func TestAnOlderFolderIsBroughtUpToDate(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	old, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, old, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, created_at, updated_at) VALUES (1, 1, 1, 'INC1', 'g1', 'live', 1, 1)`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1)`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at) VALUES
			(1, 1, 1, 'delegated', 'update', '{}', 'failed', 1, 1), (2, 1, 1, 'delegated', 'refresh', '{}', 'failed', 2, 2)`,
	} {
		if _, err := old.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}

	s := open(t, dir)
	for id, want := range map[int64]meeting.Concern{1: meeting.ConcernMeeting, 2: meeting.ConcernLook} {
		if a, err := s.Attempt(ctx, id); err != nil || a.Concern() != want || a.Accepted {
			t.Errorf("attempt %d is about %s, accepted %v (%v); want %s", id, a.Concern(), a.Accepted, err, want)
		}
	}
	if err := s.BeginAgain(ctx, 1); err != nil {
		t.Errorf("a look since keeps the change from being repeated: %v", err)
	}
	for _, statement := range []string{
		`UPDATE attempts SET concern = 'anything' WHERE id = 1`, `UPDATE attempts SET accepted = 2 WHERE id = 1`,
		`UPDATE meetings SET announce = 'true'`, `UPDATE meetings SET record = 'true'`,
	} {
		if err := behind(t, dir, statement); err == nil {
			t.Errorf("%s: accepted", statement)
		}
	}
}
