package backup_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/sqlitedb"
	"meetdesk/testenv"
)

func TestBackupOfARunningDesk(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	for range 30 {
		d.create()
	}
	r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: folder, Now: time.Date(2026, 12, 1, 2, 30, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(folder, "meetdesk-20261201T023000Z.db"); r.Path != want {
		t.Errorf("path %s, want %s", r.Path, want)
	}
	if r.Meetings != 30 || r.Attempts != 30 || r.People != 1 || r.Sessions != 0 || r.Program != "1.2.3" || r.LastAttempt.IsZero() {
		t.Errorf("%+v", r)
	}
	info, err := os.Stat(r.Path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if names := namesIn(t, folder); len(names) != 1 {
		t.Errorf("the folder has %q, want the backup alone", names)
	}
	content, err := os.ReadFile(r.Path)
	if err != nil || content[18] != 1 || content[19] != 1 { // 1 means a rollback journal, 2 a write-ahead log
		t.Errorf("the journal mode in the header is %d and %d, %v; want 1", content[18], content[19], err)
	}
	d.create()
}

// A backup made under load contains all data about the meetings whose creation was
// acknowledged before the backup began. The environment variable BACKUPS sets the number
// of backups.
func TestBackupsUnderLoad(t *testing.T) {
	rounds, err := strconv.Atoi(cmp.Or(os.Getenv("BACKUPS"), "5"))
	if err != nil {
		t.Fatal(err)
	}
	d, folder := newDatabase(t), t.TempDir()
	var acknowledged atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		pace := time.NewTicker(time.Second / 20)
		defer pace.Stop()
		for {
			select {
			case <-pace.C:
			case <-ctx.Done():
				ended <- nil
				return
			}
			id, err := d.tryCreate()
			if err != nil {
				ended <- err
				return
			}
			acknowledged.Store(id)
		}
	}()
	live := filepath.Join(d.dir, store.FileName)
	for i := range rounds {
		time.Sleep(rand.N(time.Second / 10)) // so that backups begin at random moments
		before := acknowledged.Load()
		r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, File: filepath.Join(folder, fmt.Sprint(i, ".db")), Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := contentOf(t, r.Path, before), contentOf(t, live, before); got != want {
			t.Errorf("backup %d differs in meetings up to %d, which were acknowledged before:\n%s, want\n%s", i, before, got, want)
		}
		if err := os.Remove(r.Path); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	t.Logf("%d backups, %d meetings created meanwhile", rounds, acknowledged.Load())
}

// contentOf returns the number and a hash of the rows in each table that belong to the
// meetings up to the given number.
func contentOf(t *testing.T, path string, last int64) string {
	t.Helper()
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	tables, err := sqlitedb.Texts(t.Context(), c, `SELECT name FROM sqlite_schema s WHERE type = 'table' AND name <> 'index_queue'
		AND EXISTS (SELECT 1 FROM pragma_table_info(s.name) WHERE name = 'meeting_id') ORDER BY name`)
	if err != nil || len(tables) < 6 {
		t.Fatalf("%q, %v", tables, err)
	}
	content := rowsOf(t, c, "meetings", "id", last)
	for _, table := range tables {
		content += rowsOf(t, c, table, "meeting_id", last)
	}
	return content
}

func rowsOf(t *testing.T, c *sql.Conn, table, column string, last int64) string {
	t.Helper()
	rows, err := c.QueryContext(t.Context(), `SELECT * FROM `+table+` WHERE `+column+` <= $1`, last)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s: %d rows, %x\n", table, len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
}

// A backup reads a single snapshot and never restarts, even during concurrent writes.
func TestBackupIsOneSnapshot(t *testing.T) {
	testenv.SkipIfShort(t)
	d := newDatabase(t)
	d.create()
	exec(t, filepath.Join(d.dir, store.FileName), `INSERT INTO notes (meeting_id, user_id, kind, body, created_at) VALUES (1, 1, 'note', hex(zeroblob(8000000)), 0)`)
	var steps, last int
	r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, File: filepath.Join(t.TempDir(), "backup.db"), Now: time.Now(), Progress: func(copied, all int) {
		if steps++; copied < last || all < copied {
			t.Errorf("step %d: %d of %d pages after %d", steps, copied, all, last)
		}
		if last = copied; steps < 20 {
			d.create()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if steps < 3 || r.Meetings != 1 {
		t.Errorf("%d steps, %d meetings; want more steps and the 1 meeting from before", steps, r.Meetings)
	}
}

// A backup contains sessions, grants and tokens only if Secrets is set. The list of all
// tables makes this test fail when a table is added, because a new table may contain
// secrets.
func TestSecretsStayOutOfBackups(t *testing.T) {
	d := newDatabase(t)
	exec(t, filepath.Join(d.dir, store.FileName), `INSERT INTO imports (user_id, grant_id, title, time_zone, unknown, state, created_at)
		SELECT user_id, id, 'exams.csv', 'Europe/Lisbon', '', 'running', 0 FROM grants`)
	secret := bytes.Repeat([]byte("a token of somebody"), 20)
	exec(t, filepath.Join(d.dir, store.FileName), fmt.Sprintf(`UPDATE grants SET tokens = X'%x'`, secret))
	for _, secrets := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "backup.db")
		if _, err := backup.Take(t.Context(), backup.Options{Data: d.dir, File: path, Secrets: secrets, Now: time.Now()}); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"sessions", "grants"} {
			var rows int
			query(t, path, `SELECT count(*) FROM `+table, &rows)
			if got := rows > 0; got != secrets {
				t.Errorf("with secrets %v: %d rows in %s", secrets, rows, table)
			}
		}
		if content, err := os.ReadFile(path); err != nil || bytes.Contains(content, secret) != secrets {
			t.Errorf("with secrets %v: the bytes of a token are in the file: %v, %v", secrets, !secrets, err)
		}
		var imports int
		query(t, path, `SELECT count(*) FROM imports WHERE state = 'running' AND (grant_id IS NOT NULL) = `+strconv.FormatBool(secrets), &imports)
		if imports != 1 {
			t.Errorf("with secrets %v: the running import is missing or has the wrong grant", secrets)
		}
	}
	var tables string
	query(t, filepath.Join(d.dir, store.FileName), `SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'meetings_fts%' AND name NOT LIKE 'sqlite_%' ORDER BY name)`, &tables)
	const want = "attempts attendees audit calls desks ended_access filler goose_db_version grants import_extras import_rows imports index_queue index_rules meeting_people meetings next_ids notes presets replies reply_dictionaries retention retention_rule retention_tasks sessions upgrades users waits"
	if tables != want {
		t.Errorf("tables: %s\nwant:   %s\nIf a new table holds secrets, add it to secretTables; then update this list.", tables, want)
	}
}

func TestOldBackupsAreRemoved(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	others := []string{"meetdesk-notes.db", "other.db", "meetdesk-20200101T000000Z.db.gz", "meetdesk-20200101T000000Z", "20200101T000000Z.db"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for day := 1; day <= 5; day++ {
		if _, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: folder, Keep: 2, Now: time.Date(2026, 12, day, 2, 30, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
	}
	names, err := backup.List(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != "meetdesk-20261204T023000Z.db meetdesk-20261205T023000Z.db" {
		t.Errorf("backups: %s", got)
	}
	if all := namesIn(t, folder); len(all) != len(others)+2 {
		t.Errorf("the folder has %q", all)
	}
}

func TestExistingFileIsRefusedAtOnce(t *testing.T) {
	d := newDatabase(t)
	_, err := backup.Take(t.Context(), backup.Options{Data: d.dir, File: d.take(), Now: time.Now(), Progress: func(int, int) { t.Error("the database was copied") }})
	if err == nil {
		t.Error("no error")
	}
}

// A failed backup leaves no file and does not remove other backups.
func TestFailedBackup(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	existing := filepath.Join(folder, "existing.db")
	if err := os.WriteFile(existing, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, take := range map[string]func() error{
		"the file exists": func() error { return takeTo(t.Context(), d.dir, existing) },
		"no such folder": func() error {
			_, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: filepath.Join(folder, "none"), Now: time.Now()})
			return err
		},
		"no database":        func() error { return takeTo(t.Context(), t.TempDir(), filepath.Join(folder, "b.db")) },
		"cancelled":          func() error { return takeTo(over, d.dir, filepath.Join(folder, "c.db")) },
		"noise in the index": func() error { return takeTo(t.Context(), damagedCopy(t, d), filepath.Join(folder, "d.db")) },
	} {
		if err := take(); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
		if names := namesIn(t, folder); len(names) != 1 {
			t.Errorf("%s: the folder has %q", name, names)
		}
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	testenv.SkipIfShort(t)
	d := newDatabase(t)
	for range 40 {
		d.create()
	}
	whole := d.take()
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		damage func(content []byte) []byte
		sql    string
	}{
		{name: "empty", damage: func([]byte) []byte { return nil }},
		{name: "another file", damage: func([]byte) []byte { return bytes.Repeat([]byte("hello"), 5000) }},
		{name: "header", damage: func(c []byte) []byte { c[0] = 'X'; return c }},
		{name: "noise in a page", damage: func(c []byte) []byte { copy(c[len(c)/2:], bytes.Repeat([]byte{0xA5}, 3000)); return c }},
		{name: "half a file", damage: func(c []byte) []byte { return c[:len(c)/2] }},
		{name: "a reference to nothing", sql: `PRAGMA foreign_keys = OFF; UPDATE attempts SET actor_id = 99 WHERE id = 3`},
		{name: "a meeting not indexed", sql: `DELETE FROM meetings_fts WHERE rowid = 3`},
		{name: "an index entry of nothing", sql: `INSERT INTO meetings_fts (rowid, subject) VALUES (4711, 'ghost')`},
		{name: "another word in the index", sql: `INSERT OR REPLACE INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
			SELECT m.id, m.external_id || ' ' || m.ticket_key, 'Object of ' || m.external_id, u.name || ' ' || u.upn, '', 'u1 e0' FROM meetings m JOIN users u ON u.id = m.organizer_id WHERE m.id = 3`},
		{name: "an outdated index entry", sql: `UPDATE meetings SET subject = 'changed behind the index' WHERE id = 3`},
		{name: "not a desk's database", sql: `DROP TABLE audit`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "copy.db")
			changed := bytes.Clone(content)
			if tt.damage != nil {
				changed = tt.damage(changed)
			}
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			if tt.sql != "" {
				exec(t, path, tt.sql)
			}
			_, err := backup.Verify(t.Context(), path)
			if err == nil {
				t.Error("no error")
			} else if !strings.Contains(err.Error(), path) || (tt.name == "empty") != strings.Contains(err.Error(), "is empty") {
				t.Errorf("%v: does not name the file and what is wrong with it", err)
			}
			t.Log(err)
		})
	}
	says := func(want string) {
		t.Helper()
		if r, err := backup.Verify(t.Context(), whole); err != nil || !strings.Contains(r.String(), want) {
			t.Errorf("the undamaged backup: %v; want %q in:\n%s", err, want, r)
		}
	}
	says(" words of all meetings compared\n")
	exec(t, whole, `INSERT INTO index_queue (organizer_id, before_id) VALUES (0, 5)`)
	says(" words not compared: meetings are queued to be indexed again\n")
	exec(t, whole, `DELETE FROM goose_db_version WHERE version_id = `+strconv.Itoa(migrations.Latest()))
	says(" words not compared: only schema ")
	if _, err := backup.Verify(t.Context(), whole+"x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
	if names := namesIn(t, filepath.Dir(whole)); len(names) != 1 {
		t.Errorf("verification left %q", names)
	}
}

func takeTo(ctx context.Context, data, to string) error {
	_, err := backup.Take(ctx, backup.Options{Data: data, File: to, Now: time.Now()})
	return err
}

// damagedCopy returns a data directory with a copy of the database whose full-text index
// lacks a meeting.
func damagedCopy(t *testing.T, d *database) (dir string) {
	d.create()
	content, err := os.ReadFile(d.take())
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	path := filepath.Join(dir, store.FileName)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	exec(t, path, `DELETE FROM meetings_fts WHERE rowid = 1`)
	return dir
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func query(t *testing.T, path, q string, targets ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), q).Scan(targets...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func exec(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}
