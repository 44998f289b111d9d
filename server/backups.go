package server

import (
	"context"
	"time"

	"meetdesk/store/backup"
)

// Backups determines when and where the desk backs up its database. If no folder is set,
// the desk makes no backups.
type Backups struct {
	Folder       string
	Hour, Minute int
	Keep         int
}

func backUpDaily(ctx context.Context, s Settings) {
	backup.Daily{
		Options: backup.Options{Data: s.Data, Folder: s.Backup.Folder, Keep: s.Backup.Keep},
		Hour:    s.Backup.Hour, Minute: s.Backup.Minute, Clock: s.Now,
		Done: func(r backup.Report, err error) {
			if err != nil {
				s.Log.Error("the backup failed; it is tried again in an hour", "folder", s.Backup.Folder, "error", err)
				return
			}
			s.Log.Info("backup", "file", r.Path, "bytes", r.Bytes, "meetings", r.Meetings)
		},
	}.Run(ctx)
}

// last returns a function that returns the time of the newest backup. If no folder is
// set, last itself returns nil.
func (b Backups) last() func() (time.Time, error) {
	if b.Folder == "" {
		return nil
	}
	return func() (time.Time, error) { return backup.Newest(b.Folder) }
}
