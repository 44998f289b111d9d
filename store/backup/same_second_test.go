package backup_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"meetdesk/store/backup"
)

// Several backups that begin in the same second all succeed, and each has its own file.
func TestBackupsInTheSameSecond(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	d.create()
	at := time.Date(2026, 12, 1, 2, 30, 59, 0, time.UTC)
	const backups = 4
	var ended sync.WaitGroup
	reports := make(chan backup.Report, backups)
	for range backups {
		ended.Go(func() {
			r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: folder, Now: at})
			if err != nil {
				t.Error(err)
			}
			reports <- r
		})
	}
	ended.Wait()
	close(reports)
	paths := make(map[string]bool)
	for r := range reports {
		paths[r.Path] = true
		if again, err := backup.Verify(t.Context(), r.Path); err != nil || again.Meetings != 1 {
			t.Errorf("%s has %d meetings: %v", r.Path, again.Meetings, err)
		}
	}
	names, err := backup.List(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != backups || len(names) != backups || len(namesIn(t, folder)) != backups || names[0] != "meetdesk-20261201T023059Z.db" || names[3] != "meetdesk-20261201T023102Z.db" {
		t.Errorf("%d paths; the folder has %q", len(paths), namesIn(t, folder))
	}
}

// If several backups to the same file run at the same time, only one succeeds. The others
// neither replace its file nor leave files of their own.
func TestBackupsToTheSameFile(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	var ended sync.WaitGroup
	errs := make(chan error, 4)
	for range cap(errs) {
		ended.Go(func() { errs <- takeTo(t.Context(), d.dir, filepath.Join(folder, "one.db")) })
	}
	ended.Wait()
	close(errs)
	failed := 0
	for err := range errs {
		if err != nil {
			failed++
		}
	}
	if names := namesIn(t, folder); failed != 3 || len(names) != 1 {
		t.Errorf("%d backups failed, want 3; the folder has %q", failed, names)
	}
}

// Abandoned drafts are removed after a few hours. Newer drafts and other files are kept.
func TestDraftsOfDeadProcessesAreRemoved(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	for name, age := range map[string]time.Duration{
		"meetdesk-20261130T023000Z.db.unverified": 4 * time.Hour, "meetdesk-20261130T033000Z.db.X.unverified": 4 * time.Hour,
		"meetdesk-20261201T022900Z.db.X.unverified": 2 * time.Hour, "other.unverified": 4 * time.Hour, "meetdesk-old.db": 4 * time.Hour,
	} {
		path, at := filepath.Join(folder, name), time.Now().Add(-age)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	r, err := backup.Take(t.Context(), backup.Options{Data: d.dir, Folder: folder, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"meetdesk-20261201T022900Z.db.X.unverified": true, "other.unverified": true, "meetdesk-old.db": true, filepath.Base(r.Path): true}
	names := namesIn(t, folder)
	for _, name := range names {
		if !want[name] {
			t.Errorf("%s is still there", name)
		}
	}
	if len(names) != len(want) {
		t.Errorf("the folder has %q", names)
	}
}
