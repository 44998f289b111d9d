package backup

import (
	"context"
	"errors"
	"os"
	"time"
)

// Daily makes a backup every day.
type Daily struct {
	Options                       // Folder must be set
	Hour, Minute int              // the time of day, in the time zone of Clock
	Clock        func() time.Time // returns the current time, as time.Now does
	Done         func(Report, error)
}

// dailyPause is the interval at which Daily.Run checks whether a backup is due. retryPause
// is the delay after a failed backup.
const (
	dailyPause = time.Minute
	retryPause = time.Hour
)

// Run makes daily backups until the context ends, and passes each outcome to Done. If a
// backup is overdue, Run makes it immediately. If the context ends during a backup, Run
// does not report that backup.
func (d Daily) Run(ctx context.Context) {
	for {
		pause := dailyPause
		if now := d.Clock(); d.due(now) {
			o := d.Options
			o.Now = now
			report, err := Take(ctx, o)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				pause = retryPause
			}
			d.Done(report, err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// due reports whether the newest backup is older than the last scheduled time. If the
// folder cannot be read, due returns true, so that Take returns the error.
func (d Daily) due(now time.Time) bool {
	scheduled := time.Date(now.Year(), now.Month(), now.Day(), d.Hour, d.Minute, 0, 0, now.Location())
	if scheduled.After(now) {
		scheduled = scheduled.AddDate(0, 0, -1)
	}
	newest, _ := Newest(d.Folder) // zero if the folder cannot be read
	return newest.Before(scheduled)
}

// CheckFolder returns an error if backups cannot be written to the folder.
func CheckFolder(folder string) error {
	file, err := os.CreateTemp(folder, "meetdesk-test-")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
