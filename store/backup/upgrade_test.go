package backup_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/listing"
)

// history contains the statements that insert records into a database with the first
// schema.
var history = []string{
	`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'priya', 'priya@contoso.example', 'Priya', 'staff', 1), (2, 't', 'tomas', 'tomas@contoso.example', 'Tomás', 'helpdesk', 1)`,
	`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, graph_id, state, origin, subject, start_at, end_at, time_zone, join_url, version, created_at, updated_at)
		VALUES (1, 1, 1, 'INC0012345', 'inc12345', 'graph-1', 'live', 'created', 'Søren''s printer', 3600000, 7200000, 'Europe/Lisbon', 'https://teams.microsoft.com/l/meetup-join/1', 1, 1, 1)`,
	`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1), (2, 1, 'handed over', 1)`,
	`INSERT INTO attendees (meeting_id, position, upn, name) VALUES (1, 0, 'dana@contoso.example', 'Dana')`,
	`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, outcome, created_at, updated_at) VALUES (1, 1, 1, 'delegated', 'create', '{}', 'done', 'created', 1, 1)`,
	`INSERT INTO replies (id, meeting_id, attempt_id, at, created, body) VALUES (1, 1, 1, 1, 1, '{"id":"graph-1"}')`,
	`INSERT INTO calls (id, attempt_id, method, client_request_id, status, unsure, started_at, duration_us) VALUES (1, 1, 'POST', 'c', 201, 0, 1, 1)`,
	`INSERT INTO audit (id, at, user_id, action, meeting_id) VALUES (1, 1, 2, 'view', 1)`,
	`INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, identifiers, people) VALUES (1, 'INC0012345', 'Søren''s printer', 'Priya', 'Dana', '', 'u1 u2')`,
}

// A database with any older schema is upgraded, and a backup from before the upgrade is
// kept. In short mode, only the first schema is tested.
func TestUpgradeOfEverySchema(t *testing.T) {
	for schema := 1; schema <= migrations.Latest(); schema++ {
		if testing.Short() && schema > 1 {
			break
		}
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if !databaseWithSchema(t, filepath.Join(dir, store.FileName), schema) {
				t.Skip("there is no such migration")
			}
			partial := filepath.Join(dir, "meetdesk-before-upgrade.partial")
			if err := os.WriteFile(partial, []byte("left by a killed desk"), 0o600); err != nil {
				t.Fatal(err)
			}
			d := &database{T: t, dir: dir}
			d.open()
			if _, err := os.Stat(partial); schema < migrations.Latest() && !os.IsNotExist(err) {
				t.Errorf("the incomplete copy is still there: %v", err)
			}
			r, err := backup.Verify(t.Context(), filepath.Join(dir, store.FileName))
			if err != nil {
				t.Fatal(err)
			}
			if r.Schema != migrations.Latest() || r.Meetings != 1 || r.People != 2 || r.Attempts != 1 || r.Audit != 1 || r.Program != "1.2.3" {
				t.Errorf("after the upgrade: %+v", r)
			}
			page, err := d.History(t.Context(), listing.Criteria{UserID: 2, Text: "soren", Limit: 10})
			if err != nil || len(page.Rows) != 1 {
				t.Errorf("a colleague finds %d meetings (%v), want 1", len(page.Rows), err)
			}
			kept, err := filepath.Glob(filepath.Join(dir, fmt.Sprintf("meetdesk-*-before-upgrade-from-schema-%d.db", schema)))
			if want := schema < migrations.Latest(); err != nil || (len(kept) == 1) != want {
				t.Fatalf("backups from before the upgrade: %q, %v", kept, err)
			}
			for _, path := range kept {
				if r, err := backup.Verify(t.Context(), path); err != nil || r.Schema != schema || r.Meetings != 1 {
					t.Errorf("%s: %+v, %v", path, r, err)
				}
			}
		})
	}
}

// databaseWithSchema creates a database with the given schema and the records that the
// history statements insert. It returns false if no migration has that number.
func databaseWithSchema(t *testing.T, path string, schema int) bool {
	t.Helper()
	first, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}}) // opening a store registers the SQL functions
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	exists := false
	for _, source := range provider.ListSources() {
		exists = exists || source.Version == int64(schema)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range history {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", strings.TrimSpace(statement), err)
		}
	}
	if _, err := provider.UpTo(t.Context(), int64(schema)); err != nil {
		t.Fatal(err)
	}
	return exists
}
