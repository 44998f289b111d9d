package main

import (
	"errors"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"meetdesk/server"
	"meetdesk/store/backup"
)

func (c *config) backups(k *checker) (b server.Backups) {
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
	switch {
	case errors.Is(err, syscall.EROFS):
		k.add("BACKUP_DIR", "no backup can be written there: %v; a folder outside of /var/backups/meetdesk needs ReadWritePaths=%s in systemd's unit", err, folder)
	case err != nil:
		k.addFileError("BACKUP_DIR", err, "no backup can be written there: %v", err)
	}
	return server.Backups{Folder: folder, Hour: at.Hour(), Minute: at.Minute(), Keep: keep}
}
