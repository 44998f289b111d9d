package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/testenv"
)

func restore(t *testing.T, o backup.RestoreOptions) (backup.Restored, error) {
	t.Helper()
	o.Program = "1.2.3"
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	return backup.Restore(t.Context(), o)
}

// Restore does not reuse the numbers of lost meetings and audit entries, even if the old
// database is missing or unreadable.
func TestNumbersOfLostRecordsStayFree(t *testing.T) {
	testenv.SkipIfShort(t)
	for _, tt := range []struct {
		name   string
		before func(t *testing.T, d *database) (dir string)
	}{
		{"the old database is there", func(t *testing.T, d *database) string { return d.dir }},
		{"the old database gave out many numbers", func(t *testing.T, d *database) string {
			exec(t, filepath.Join(d.dir, store.FileName), `UPDATE next_ids SET meeting = 70000; INSERT INTO audit (id, at, action) VALUES (80000, 0, 'sign_in')`)
			return d.dir
		}},
		{"the old database is damaged", func(t *testing.T, d *database) string {
			if err := os.WriteFile(filepath.Join(d.dir, store.FileName), []byte("noise"), 0o600); err != nil {
				t.Fatal(err)
			}
			return d.dir
		}},
		{"another machine", func(t *testing.T, d *database) string { return filepath.Join(t.TempDir(), "new") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDatabase(t)
			d.create()
			from := d.take()
			lost := int64(0)
			for range 5 {
				lost = d.create()
			}
			lostEntry := d.audit()
			d.Close()
			dir := tt.before(t, d)
			r, err := restore(t, backup.RestoreOptions{From: from, Data: dir, Force: true})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(tt.name, "many") {
				lost, lostEntry = 69_999, 80_000
			}
			if r.Meetings != 1 {
				t.Errorf("%d meetings after the restore, want 1", r.Meetings)
			}
			d.dir = dir
			d.open()
			if id := d.create(); id <= lost || id != r.NextMeeting {
				t.Errorf("the next meeting has the number %d; meeting %d was lost, and %d was announced", id, lost, r.NextMeeting)
			}
			var restored int64
			query(t, r.Path, `SELECT id FROM audit WHERE action = 'restored' AND detail = 'backup.db'`, &restored)
			if next := d.audit(); restored <= lostEntry || next <= restored {
				t.Errorf("the entry about the restore has the number %d, and the next one %d; entry %d was lost", restored, next, lostEntry)
			}
			if first, second := r.NextMeeting, d.create(); second != first+1 {
				t.Errorf("the meeting after %d has the number %d", first, second)
			}
		})
	}
}

func TestNumbersStayFreeForEachDay(t *testing.T) {
	d := newDatabase(t)
	d.create()
	from := d.take()
	for days, want := range map[int]int64{0: 11_000, 9: 101_000} {
		r, err := restore(t, backup.RestoreOptions{From: from, Data: filepath.Join(t.TempDir(), "new"), Now: time.Now().AddDate(0, 0, days)})
		if err != nil || r.NextMeeting != want {
			t.Errorf("%d days later: %d (%v), want %d", days, r.NextMeeting, err, want)
		}
	}
}

// A restore skips at least 10,000 numbers. It counts from the next number in the backup, even
// if the meetings with the last numbers were deleted.
func TestManyNumbersAreSkipped(t *testing.T) {
	d := newDatabase(t)
	d.create()
	exec(t, filepath.Join(d.dir, store.FileName), `UPDATE next_ids SET meeting = 1990`)
	r, err := restore(t, backup.RestoreOptions{From: d.take(), Data: filepath.Join(t.TempDir(), "new")})
	if err != nil || r.NextMeeting != 12_000 {
		t.Errorf("the next meeting has the number %d (%v), want 12000", r.NextMeeting, err)
	}
}

func TestRestoreReplacesNothingByItself(t *testing.T) {
	d := newDatabase(t)
	d.create()
	from := d.take()
	if _, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir, Force: true}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("while a desk runs: %v, want ErrLocked", err)
	}
	indexDamaged := damagedCopy(t, newDatabase(t)) // SQLite reads it without an error
	second := d.create()
	d.Close()
	if _, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir}); !errors.Is(err, backup.ErrExists) {
		t.Errorf("without force: %v, want ErrExists", err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	if err := os.WriteFile(damaged, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{damaged, filepath.Join(indexDamaged, store.FileName)} {
		if _, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir, Force: true}); err == nil {
			t.Errorf("the damaged backup %s was restored", from)
		}
	}
	if r, err := backup.Verify(t.Context(), filepath.Join(d.dir, store.FileName)); err != nil || r.Meetings != 2 {
		t.Errorf("after refused restores: %+v, %v", r, err)
	}

	r, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := backup.Verify(t.Context(), r.Kept); err != nil || kept.Meetings != 2 {
		t.Errorf("the old database at %s: %+v, %v; want meeting %d in it", r.Kept, kept, err, second)
	}
	for _, name := range namesIn(t, d.dir) {
		if strings.Contains(name, "restoring") || strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") {
			t.Errorf("the restore left %s", name)
		}
	}
}

func TestRestoreKeepsTheOldDatabaseOrFails(t *testing.T) {
	d := newDatabase(t)
	d.create()
	from := d.take()
	d.create()
	d.Close()
	now := time.Date(2026, 12, 1, 2, 30, 0, 0, time.UTC)
	taken := filepath.Join(d.dir, store.FileName+".replaced-20261201T023000Z")
	if err := os.WriteFile(taken, []byte("another old database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, backup.RestoreOptions{From: from, Data: d.dir, Force: true, Now: now}); err == nil {
		t.Error("no error")
	}
	if r, err := backup.Verify(t.Context(), filepath.Join(d.dir, store.FileName)); err != nil || r.Meetings != 2 {
		t.Errorf("after the refused restore: %+v, %v", r, err)
	}
	if names := namesIn(t, d.dir); slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "restoring") }) {
		t.Errorf("the failed restore left %q", names)
	}
	if content, err := os.ReadFile(taken); err != nil || string(content) != "another old database" {
		t.Errorf("the other old database: %q, %v", content, err)
	}
}

// SQLite must not apply the write-ahead log of a deleted database to the restored one.
func TestRestoreLeavesNoOldLog(t *testing.T) {
	d := newDatabase(t)
	d.create()
	from, killed := d.take(), filepath.Join(t.TempDir(), store.FileName)
	d.create()
	log, err := os.ReadFile(filepath.Join(d.dir, store.FileName+"-wal"))
	if err != nil || len(log) == 0 {
		t.Fatalf("%d bytes of log, %v", len(log), err)
	}
	for name, content := range map[string][]byte{"-wal": log, "-shm": []byte("an index of that log")} {
		if err := os.WriteFile(killed+name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := restore(t, backup.RestoreOptions{From: from, Data: filepath.Dir(killed), Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if names := namesIn(t, filepath.Dir(killed)); slices.Contains(names, store.FileName+"-shm") {
		t.Errorf("the restore left %q", names)
	}
	if after, err := backup.Verify(t.Context(), r.Path); err != nil || after.Meetings != 1 {
		t.Errorf("after the restore: %+v, %v; want 1 meeting", after, err)
	}
	if kept, err := os.ReadFile(r.Kept + "-wal"); err != nil || !bytes.Equal(kept, log) {
		t.Errorf("the old log was not kept: %d bytes, %v", len(kept), err)
	}
}

func TestRestoreAfterAKilledRestore(t *testing.T) {
	d, dir := newDatabase(t), t.TempDir()
	for _, name := range []string{".restoring", ".restoring-wal", ".restoring-shm"} {
		if err := os.WriteFile(filepath.Join(dir, store.FileName+name), []byte("half of it"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := restore(t, backup.RestoreOptions{From: d.take(), Data: dir}); err != nil {
		t.Error(err)
	}
}

// A backup with an older schema is upgraded, and a backup with a newer schema is refused.
func TestRestoreOfAnotherSchema(t *testing.T) {
	d := newDatabase(t)
	d.create()
	newer := d.take()
	exec(t, newer, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, 1); INSERT INTO upgrades (schema, program, at) VALUES (9001, '9.1.0', 0)`)
	var wrong *migrations.NewerSchemaError
	_, err := restore(t, backup.RestoreOptions{From: newer, Data: filepath.Join(t.TempDir(), "new")})
	if !errors.As(err, &wrong) || wrong.Program != "9.1.0" || wrong.Schema != 9001 {
		t.Errorf("%v, want a NewerSchemaError for 9.1.0 and 9001", err)
	}
	older := filepath.Join(t.TempDir(), "older.db")
	databaseWithSchema(t, older, 22)
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := restore(t, backup.RestoreOptions{From: older, Data: dir}); err != nil {
		t.Fatal(err)
	}
	if r, err := backup.Verify(t.Context(), filepath.Join(dir, store.FileName)); err != nil || r.Program != "1.2.3" || r.Schema < 24 {
		t.Errorf("after the restore of an older schema: %+v, %v", r, err)
	}
}

// If root makes or restores a backup, the files belong to the owner of the folder, so
// that the desk can open them.
func TestRootLeavesFilesToTheDesk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may give files away")
	}
	const desk = 12345
	d, folder, data := newDatabase(t), t.TempDir(), t.TempDir()
	d.create()
	for _, dir := range []string{folder, data} {
		if err := os.Chown(dir, desk, desk); err != nil {
			t.Fatal(err)
		}
	}
	r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: folder, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, backup.RestoreOptions{From: r.Path, Data: data}); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{folder, data} {
		names := namesIn(t, dir)
		if len(names) == 0 {
			t.Errorf("%s is empty", dir)
		}
		for _, name := range names {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if owner := info.Sys().(*syscall.Stat_t).Uid; owner != desk {
				t.Errorf("%s belongs to %d, want %d", name, owner, desk)
			}
		}
	}
}
