package sqlitedb

import (
	"fmt"
	"os"
	"syscall"
)

// Stamp returns a text that differs as soon as the database file is changed, replaced or
// restored. It returns "" if a write-ahead log holds changes that are not in the file yet, or
// if there is no file.
func Stamp(path string) string {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	// Programs can set the time of a file's last modification, but not the time of its last
	// change (ctime).
	return fmt.Sprint(stat.Ino, stat.Size, stat.Ctim.Sec, stat.Ctim.Nsec)
}
