package sqlitedb

import (
	"fmt"
	"os"
	"syscall"
)

// Stamp returns a string that changes whenever the database file is modified, replaced or
// restored. It returns "" if there is no file, or if a write-ahead log may contain changes
// that are not in the file yet.
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
	// Unlike the modification time, the change time (ctime) cannot be set by programs.
	return fmt.Sprint(stat.Ino, stat.Size, stat.Ctim.Sec, stat.Ctim.Nsec)
}
