package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/server"
	"meetdesk/store/backup"
	"meetdesk/testenv"
)

// The settings decide where and when the desk backs up, and how many backups it keeps.
func TestBackupSettings(t *testing.T) {
	folder := t.TempDir()
	c, err := readConfig(environment("BACKUP_DIR="+folder, "BACKUP_TIME=14:05", "BACKUP_KEEP=3"))
	if want := (server.Backups{Folder: folder, Hour: 14, Minute: 5, Keep: 3}); err != nil || c.settings(nil).Backup != want {
		t.Errorf("%+v, %v; want %+v", c.backup, err, want)
	}
}

// A desk that starts after the time of the backup makes the missing one, and then removes
// the oldest.
func TestDeskBacksUpByItself(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	folder := t.TempDir()
	for _, day := range []string{"1", "2"} {
		if err := os.WriteFile(filepath.Join(folder, "meetdesk-2020010"+day+"T023000Z.db"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, settings := deskSettings(t, t.TempDir())
	hour := "MEETDESK_BACKUP_TIME=" + time.Now().Add(-time.Minute).Format("15:04")
	desk := start(t, append(settings, "MEETDESK_BACKUP_DIR="+folder, "MEETDESK_BACKUP_KEEP=2", hour), "serve")
	desk.line("listening")
	eventually(t, "a backup is in the log", func() bool { return strings.Contains(desk.errors.String(), "msg=backup file="+folder) })
	names, err := backup.List(folder)
	if err != nil || len(names) != 2 || names[0] != "meetdesk-20200102T023000Z.db" {
		t.Fatalf("the folder has %q, %v; want the newer of the old backups and a new one", names, err)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
	if _, err := backup.Verify(t.Context(), filepath.Join(folder, names[1])); err != nil {
		t.Error(err)
	}
}
