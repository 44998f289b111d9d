package server

import (
	"context"
	"time"

	"meetdesk/store/backup"
)

// Backups says when the desk backs up its database. If no folder is set, it makes
// no backups.
type Backups struct {
	Folder       string
	Hour, Minute int
	Keep         int
}

// backUpDaily takes the desk's own backups until the context ends.
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

// last returns a function that says when the newest backup was made, or nil without a
// folder.
func (b Backups) last() func() (time.Time, error) {
	if b.Folder == "" {
		return nil
	}
	return func() (time.Time, error) { return backup.Newest(b.Folder) }
}
