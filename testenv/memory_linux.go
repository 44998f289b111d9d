package testenv

import (
	"os"
	"syscall"
)

// memory returns an in-memory directory for temporary files, or "" if /dev/shm has too
// little space or is not writable.
func memory() string {
	const dir, enough = "/dev/shm", 1 << 30
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil || stat.Bavail*uint64(stat.Bsize) < enough {
		return ""
	}
	file, err := os.CreateTemp(dir, "meetdesk-")
	if err != nil {
		return ""
	}
	file.Close()
	os.Remove(file.Name())
	return dir
}
