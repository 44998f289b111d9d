package sqlitedb

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// DamagedError reports that the database's files are damaged. SQLite would open some
// damaged files as an empty or older database.
type DamagedError struct{ What string }

func (e *DamagedError) Error() string {
	return e.What + "; nothing was changed: put the file back, or restore a backup (docs/backup.md)"
}

// Check returns a *DamagedError if the database is damaged, or if its write-ahead log
// exists without it. It stops reading pages after the time limit. complete is true if it
// has read all pages, or if the database does not exist yet.
func Check(ctx context.Context, path string, limit time.Duration) (complete bool, err error) {
	exists, err := CheckFiles(path)
	if err != nil || !exists {
		return err == nil, err
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return false, fmt.Errorf("database: %w", err)
	}
	defer db.Close()
	return CheckPages(ctx, db, path, limit)
}

// CheckPages is like Check, but checks only the pages of a database that is already open.
func CheckPages(ctx context.Context, db *sql.DB, path string, limit time.Duration) (complete bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var damage string
	switch err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&damage); {
	case IsDamaged(err):
		return false, &DamagedError{path + " is damaged: " + err.Error()}
	case ctx.Err() != nil:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("database: %w", err)
	case damage != "ok":
		return false, &DamagedError{path + " is damaged: " + strings.Join(strings.Fields(damage), " ")}
	}
	return true, nil
}

// CheckFiles is like Check, but reads no pages. It detects an empty file, a file that is
// not a database, and a missing or truncated write-ahead log. The first result reports
// whether the database file exists.
func CheckFiles(path string) (exists bool, err error) {
	const magic = "SQLite format 3\x00"
	start, err := readStart(path, len(magic))
	if errors.Is(err, os.ErrNotExist) {
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
			return false, &DamagedError{path + " is missing, but its write-ahead log is there"}
		}
		return false, nil
	}
	switch {
	case err != nil:
		return false, fmt.Errorf("database: %w", err)
	case len(start) == 0:
		return false, &DamagedError{path + " is empty, with 0 bytes"}
	case string(start) != magic:
		return false, &DamagedError{path + " is not a database"}
	}
	return true, checkLog(path)
}

func readStart(path string, n int) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(n)))
}

// checkLog returns an error if the write-ahead log is missing or truncated, which SQLite
// does not detect. The expected length follows from the -shm file. A process that exits
// normally deletes both files.
func checkLog(path string) error {
	index, err := readStart(path+"-shm", logIndexHeader)
	if err != nil {
		return nil // without an index, the expected length is unknown
	}
	want, ok := logSize(index)
	if !ok {
		return nil
	}
	info, err := os.Stat(path + "-wal")
	switch {
	case errors.Is(err, os.ErrNotExist):
		return &DamagedError{path + "-wal is missing, and with it the newest records"}
	case err != nil:
		return fmt.Errorf("database: %w", err)
	case info.Size() < want:
		return &DamagedError{fmt.Sprintf("%s-wal has lost its end, and with it the newest records: it has %d bytes instead of %d", path, info.Size(), want)}
	}
	return nil
}

// The format version of the write-ahead log and its index, and the sizes of their parts in
// bytes (https://sqlite.org/walformat.html).
const (
	logHeader      = 32
	frameHeader    = 24
	logIndexHeader = 100 // two copies of the header, and the number of checkpointed frames
	logVersion     = 3007000
)

// logSize returns the write-ahead log's length in bytes according to its index. ok is false
// if the index is not valid, or if the database already contains the whole log.
func logSize(index []byte) (size int64, ok bool) {
	if len(index) < logIndexHeader || string(index[:48]) != string(index[48:96]) || binary.NativeEndian.Uint32(index) != logVersion || index[12] != 1 {
		return 0, false
	}
	page, frames, copied := int64(binary.NativeEndian.Uint16(index[14:])), binary.NativeEndian.Uint32(index[16:]), binary.NativeEndian.Uint32(index[96:])
	if page == 1 {
		page = 65536
	}
	return logHeader + int64(frames)*(frameHeader+page), frames > copied
}
