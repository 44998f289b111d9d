package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitedb"
)

func TestNewIndexOnlyWithoutMeetings(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL never had the old index")
	const compactOrder = "attendees, subject, organizer, external_id, scope"
	for _, hasMeeting := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, store.FileName)
		if err := sqlitedb.Create(path); err != nil {
			t.Fatal(err)
		}
		if err := sqlitedb.Migrate(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if hasMeeting {
			for _, q := range []string{
				`INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (1, 't', 'o', 'priya@contoso.example', 'Priya', 1)`,
				`INSERT INTO meetings (id, organizer_id, maker_id, external_id, state, created_at, updated_at) VALUES (1, 1, 1, 'INC1', 'live', 1, 1)`,
				`INSERT INTO meetings_fts (rowid, external_id, organizer) VALUES (1, 'inc1', 'priya')`,
			} {
				if err := behind(t, dir, q); err != nil {
					t.Fatal(err)
				}
			}
		}
		open(t, dir).Close()
		db, err := sqlitedb.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var (
			definition string
			found      int
		)
		const q = `SELECT sql, (SELECT count(*) FROM meetings_fts WHERE meetings_fts MATCH 'organizer : priya') FROM sqlite_schema WHERE name = 'meetings_fts'`
		if err := db.QueryRowContext(t.Context(), q).Scan(&definition, &found); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(definition, compactOrder) == hasMeeting || (found == 1) != hasMeeting {
			t.Errorf("with a meeting: %v; %d entries in the index\n%s", hasMeeting, found, definition)
		}
	}
}
