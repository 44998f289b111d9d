package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"meetdesk/store/sqlitedb"
)

// ErrLocked means that another process has locked the data directory.
var ErrLocked = errors.New("the data directory is in use by another meetdesk")

// directoryLock excludes other processes from a data directory.
type directoryLock []*os.File

// lockDirectory locks the directory until the lock is closed or the process ends. It locks
// the directory itself, because a lock file can be deleted. It also locks the file "lock",
// for older versions of the program.
func lockDirectory(dir string) (lock directoryLock, err error) {
	for _, target := range []struct {
		path string
		flag int
	}{{dir, os.O_RDONLY}, {filepath.Join(dir, "lock"), os.O_CREATE | os.O_RDWR}} {
		file, err := os.OpenFile(target.path, target.flag, 0o600)
		if err == nil {
			lock = append(lock, file)
			if target.path != dir {
				err = sqlitedb.GiveToFolder(file)
			}
		}
		if err == nil {
			err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		}
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrLocked
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("data directory %s: %w", dir, err), lock.Close())
		}
	}
	return lock, nil
}

// mark stores the database's stamp in the file "lock". The database must be closed.
func (l directoryLock) mark(path string) error {
	if err := l[1].Truncate(0); err != nil {
		return err
	}
	_, err := l[1].WriteAt([]byte(sqlitedb.Stamp(path)), 0)
	return err
}

// isMarked reports whether the database is unchanged since mark was called.
func (l directoryLock) isMarked(path string) bool {
	mark, err := io.ReadAll(io.NewSectionReader(l[1], 0, maxMark))
	return err == nil && len(mark) > 0 && string(mark) == sqlitedb.Stamp(path)
}

// maxMark is the maximum length of a stamp, in bytes.
const maxMark = 200

// Close releases the lock.
func (l directoryLock) Close() error {
	var errs []error
	for _, file := range l {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}

// Lock locks a data directory so that a tool can replace its database. Closing the result
// releases the lock. If a desk is using the directory, the error wraps ErrLocked.
func Lock(dir string) (io.Closer, error) {
	lock, err := lockDirectory(dir)
	if err != nil {
		return nil, err
	}
	return lock, nil
}
