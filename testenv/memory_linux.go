package testenv

import (
	"os"
	"syscall"
)

// memory returns a folder for temporary files that is kept in memory. It returns "" if
// there is none, if it has too little room, or if it is not writable. In a container, the
// folder usually has only 64 MB, which is too little.
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
