package main

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"meetdesk/store/backup"
)

// backupConfig says when the desk backs its database up. Without a folder it does not.
type backupConfig struct {
	folder       string
	hour, minute int
	keep         int
}

// backups checks the settings for the desk's own backups.
func (c *config) backups(k *checker) (b backupConfig) {
	at, err := time.Parse("15:04", c.BackupTime)
	if err != nil {
		k.add("BACKUP_TIME", "%q is no time of day; such as 02:30", c.BackupTime)
	}
	keep, err := strconv.Atoi(c.BackupKeep)
	if err != nil || keep < 1 {
		k.add("BACKUP_KEEP", "%q; how many backups to keep, 1 or more", c.BackupKeep)
	}
	if c.BackupDir == "" {
		return b
	}
	folder, err := filepath.Abs(c.BackupDir)
	if err == nil {
		err = backup.CheckFolder(folder)
	}
	if err != nil {
		k.add("BACKUP_DIR", "no backup can be written there: %v", err)
	}
	return backupConfig{folder: folder, hour: at.Hour(), minute: at.Minute(), keep: keep}
}

// backUpDaily takes the desk's own backups until the context ends.
func backUpDaily(ctx context.Context, s settings) {
	backup.Daily{
		Options: backup.Options{Data: s.data, Folder: s.backup.folder, Keep: s.backup.keep},
		Hour:    s.backup.hour, Minute: s.backup.minute, Clock: s.now,
		Done: func(r backup.Report, err error) {
			if err != nil {
				s.log.Error("the backup failed; it is tried again in an hour", "folder", s.backup.folder, "error", err)
				return
			}
			s.log.Info("backup", "file", r.Path, "bytes", r.Bytes, "meetings", r.Meetings)
		},
	}.Run(ctx)
}
