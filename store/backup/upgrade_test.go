package backup_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"meetdesk/meeting"
	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// An upgrade from any older schema preserves all rows and values, apart from the changes in
// onPurpose. The backup made before the upgrade is a complete copy and can be restored.
// Without LONG, only the first schema is tested.
func TestUpgradeOfEverySchema(t *testing.T) {
	for schema := 1; schema <= migrations.Latest(); schema++ {
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			if schema > 1 {
				testenv.SkipUnlessLong(t)
			}
			t.Parallel()
			d := &database{T: t, dir: t.TempDir()}
			path := filepath.Join(d.dir, store.FileName)
			if !databaseWithSchema(t, path, schema) {
				t.Skip("there is no such migration")
			}
			before := readRecords(t, path)
			partial := filepath.Join(d.dir, "meetdesk-before-upgrade.partial")
			if err := os.WriteFile(partial, []byte("left by a killed desk"), 0o600); err != nil {
				t.Fatal(err)
			}
			d.open()
			if _, err := os.Stat(partial); schema < migrations.Latest() && !os.IsNotExist(err) {
				t.Errorf("the incomplete copy is still there: %v", err)
			}
			before.kept(t, path, schema)
			d.opensRecords()
			if r, err := backup.Verify(t.Context(), path); err != nil || r.Schema != migrations.Latest() || r.Program != "1.2.3" {
				t.Errorf("after the upgrade: %+v, %v", r, err)
			}
			backups, err := filepath.Glob(filepath.Join(d.dir, fmt.Sprintf("meetdesk-*-before-upgrade-from-schema-%d.db", schema)))
			if want := schema < migrations.Latest(); err != nil || (len(backups) == 1) != want {
				t.Fatalf("backups from before the upgrade: %q, %v", backups, err)
			}
			for _, from := range backups {
				leadsBack(t, d, from, before, schema)
			}
		})
	}
}

// leadsBack checks that the backup has the same contents as the database before the upgrade
// and that it can be restored.
func leadsBack(t *testing.T, d *database, from string, before records, schema int) {
	t.Helper()
	if r, err := backup.Verify(t.Context(), from); err != nil || r.Schema != schema {
		t.Errorf("%s: %+v, %v", from, r, err)
	}
	copied := readRecords(t, from)
	for table := range maps.Keys(before) {
		if !slices.Equal(copied[table].rows, before[table].rows) {
			t.Errorf("the backup has in %s\n%q, want\n%q", table, copied[table].rows, before[table].rows)
		}
	}
	if len(copied) != len(before) {
		t.Errorf("the backup has %d tables, want %d", len(copied), len(before))
	}
	d.Close()
	if _, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir, Force: true}); err != nil {
		t.Fatal(err)
	}
	before.kept(t, filepath.Join(d.dir, store.FileName), schema)
	d.open()
	d.opensRecords()
}

// opensRecords checks that the first meeting and the lists on the pages can be read.
func (d *database) opensRecords() {
	d.Helper()
	page, err := d.History(d.Context(), listing.Criteria{UserID: 1, Limit: 10})
	if err != nil || !slices.ContainsFunc(page.Rows, func(m meeting.Listed) bool { return m.ID == 1 }) {
		d.Errorf("the list has %d meetings (%v), want the first among them", len(page.Rows), err)
	}
	if page, err = d.History(d.Context(), listing.Criteria{UserID: 1, Text: "inc0001 soren", Limit: 10}); err != nil || len(page.Rows) != 1 {
		d.Errorf("the search finds %d meetings (%v), want 1", len(page.Rows), err)
	}
	if m, err := d.Meeting(d.Context(), 1); err != nil || m.Subject != "Søren's printer 1" || m.ExternalID != "INC0001" {
		d.Errorf("the meeting is %q %q (%v)", m.ExternalID, m.Subject, err)
	}
	attempts, err := d.Attempts(d.Context(), 1)
	if err != nil || len(attempts) == 0 || !slices.ContainsFunc(attempts, func(a meeting.Attempt) bool { return a.Asked.Subject == "Asked" }) {
		d.Errorf("%d attempts (%v), want one with what was asked", len(attempts), err)
	}
	replies, err := d.Replies(d.Context(), 1, 10)
	if err != nil || len(replies) != 1 || string(replies[0].Raw) != `{"id":"AAMk"}` {
		d.Errorf("replies %+v, %v", replies, err)
	}
	if audit, err := d.Lists.Audit(d.Context(), listing.AuditFilter{Meetings: []int64{1}}, listing.AuditCursor{}, false, 10); err != nil || len(audit.Entries) == 0 {
		d.Errorf("%d audit entries (%v)", len(audit.Entries), err)
	}
	for name, read := range map[string]func() error{
		"notes":   func() error { _, err := d.Notes(d.Context(), 1); return err },
		"presets": func() error { _, err := d.Presets(d.Context()); return err },
		"imports": func() error { _, err := d.Imports(d.Context(), 1, 1<<40, 10); return err },
		"overview": func() error {
			_, err := d.Overview(d.Context(), []time.Time{time.UnixMilli(0), time.Now()}, time.Hour)
			return err
		},
	} {
		if err := read(); err != nil {
			d.Errorf("%s: %v", name, err)
		}
	}
}

// databaseWithSchema creates a database with the given schema and rows in every table. It
// returns false if no migration has that number.
func databaseWithSchema(t *testing.T, path string, schema int) bool {
	t.Helper()
	db, err := sqlitedb.OpenFile(path) // also registers the SQL functions that the migrations need
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(provider.ListSources(), func(s *goose.Source) bool { return s.Version == int64(schema) }) {
		return false
	}
	if _, err := provider.UpTo(t.Context(), int64(schema)); err != nil {
		t.Fatal(err)
	}
	sqlitetest.Fill(t, db)
	exec(t, path, `UPDATE sqlite_sequence SET seq = seq + 100`) // as if later rows had been deleted; their IDs must not be reused
	return true
}
