package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// copyPages is how many pages (4 MiB) Copy copies between checks of the context.
const copyPages = 1024

// Copy writes the database to a new file that only its owner can read. If the process runs
// as root, the file gets the same owner as its directory. Copy reads a single snapshot and
// does not block writers, but the write-ahead log grows until Copy returns. The progress
// callback receives page counts and may be nil. A crash can leave an incomplete file, so
// callers should copy to a temporary name and rename the file after Copy has returned.
func Copy(ctx context.Context, from, to string, progress func(copied, all int)) (err error) {
	if _, err := os.Stat(from); err != nil { // SQLite would create a missing file
		return fmt.Errorf("copy the database: %w", err)
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = fmt.Errorf("copy the database: %w", errors.Join(err, os.Remove(to)))
		}
	}()
	if err := GiveToFolder(file); err != nil {
		return err
	}
	if err := copySnapshot(ctx, from, to, progress); err != nil {
		return err
	}
	return file.Sync()
}

// Rename renames a file and syncs its directory, so that the new name survives a power
// failure.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncFolder(to)
}

// RenameNew is like Rename, but does not replace an existing file. If the new name is
// already taken, the returned error matches os.ErrExist.
func RenameNew(from, to string) error {
	err := os.Link(from, to)
	switch {
	case errors.Is(err, os.ErrExist):
		return err
	case err == nil:
		return errors.Join(os.Remove(from), syncFolder(to))
	}
	if _, err := os.Stat(to); err == nil { // the file system may not support hard links
		return os.ErrExist
	}
	return Rename(from, to)
}

func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func copySnapshot(ctx context.Context, from, to string, progress func(copied, all int)) error {
	db, err := OpenFile(from)
	if err != nil {
		return err
	}
	defer db.Close() // also ends the transaction
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	// In a transaction, every step reads the same snapshot. Otherwise, SQLite would start
	// the copy over whenever another process writes.
	if _, err := c.ExecContext(ctx, `BEGIN`); err != nil {
		return err
	}
	var version int
	if err := c.QueryRowContext(ctx, `PRAGMA schema_version`).Scan(&version); err != nil { // the snapshot begins with the first read
		return err
	}
	return c.Raw(func(c any) error {
		backup, err := c.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup(fileName(to) + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)")
		if err != nil {
			return err
		}
		return errors.Join(copyAll(ctx, backup, progress), backup.Finish())
	})
}

func copyAll(ctx context.Context, backup *sqlite.Backup, progress func(copied, all int)) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if more, err = backup.Step(copyPages); err != nil {
			return err
		}
		if progress != nil {
			progress(backup.PageCount()-backup.Remaining(), backup.PageCount())
		}
	}
	return nil
}

// OpenFile opens a database for a tool. A desk may be using it at the same time. OpenFile
// changes neither the data nor the journal mode.
func OpenFile(path string) (*sql.DB, error) {
	registerFunctions()
	db, err := sql.Open("sqlite", fileName(path)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Texts runs a query that selects a single column, and returns the values as strings.
func Texts(ctx context.Context, c *sql.Conn, query string) (texts []string, err error) {
	rows, err := c.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, rows.Err()
}
