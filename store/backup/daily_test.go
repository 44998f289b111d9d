package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/store/backup"
)

// A desk that runs for three days makes one backup immediately and then one each night.
func TestDailyBackups(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	d.create()
	d.Close()
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		begun, start := time.Now(), time.Date(2026, 10, 23, 12, 0, 0, 0, lisbon) // the clocks go back on 25 October
		ctx, stop := context.WithTimeout(t.Context(), 72*time.Hour)
		defer stop()
		daily := backup.Daily{
			Options: backup.Options{Data: d.dir, Folder: folder, Keep: 10}, Hour: 2, Minute: 30,
			Clock: func() time.Time { return start.Add(time.Since(begun)).In(lisbon) },
			Done: func(r backup.Report, err error) {
				if err != nil || r.Meetings != 1 {
					t.Errorf("%+v, %v", r, err)
				}
			},
		}
		daily.Run(ctx)
	})
	names, err := backup.List(folder)
	if err != nil {
		t.Fatal(err)
	}
	const want = "meetdesk-20261023T110000Z.db meetdesk-20261024T013000Z.db meetdesk-20261025T023000Z.db meetdesk-20261026T023000Z.db"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("backups %s,\nwant    %s", got, want)
	}
}

func TestDailyBackupsGoOnAfterAFailure(t *testing.T) {
	d, folder := newDatabase(t), filepath.Join(t.TempDir(), "missing")
	d.Close()
	synctest.Test(t, func(t *testing.T) {
		begun, failed, taken := time.Now(), 0, 0
		ctx, stop := context.WithTimeout(t.Context(), 150*time.Minute)
		defer stop()
		backup.Daily{
			Options: backup.Options{Data: d.dir, Folder: folder}, Clock: func() time.Time { return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC).Add(time.Since(begun)) },
			Done: func(_ backup.Report, err error) {
				if err == nil {
					if taken++; time.Since(begun) != 2*time.Hour {
						t.Errorf("the third attempt was made after %v, want 2 hours", time.Since(begun))
					}
				} else if failed++; failed == 2 {
					if err := os.Mkdir(folder, 0o700); err != nil {
						t.Error(err)
					}
				}
			},
		}.Run(ctx)
		if failed != 2 || taken != 1 {
			t.Errorf("%d backups failed and %d were taken, want 2 and 1", failed, taken)
		}
	})
}

// A desk that stops during a backup does not report a failed backup.
func TestDailyBackupEndsWithTheDesk(t *testing.T) {
	d, folder := newDatabase(t), t.TempDir()
	d.Close()
	ctx, stop := context.WithCancel(t.Context())
	backup.Daily{
		Options: backup.Options{Data: d.dir, Folder: folder, Progress: func(int, int) { stop() }}, Clock: time.Now,
		Done: func(r backup.Report, err error) { t.Errorf("reported: %+v, %v", r, err) },
	}.Run(ctx)
	if ctx.Err() == nil {
		t.Error("no backup began")
	}
	if names := namesIn(t, folder); len(names) != 0 {
		t.Errorf("the folder has %q", names)
	}
}
