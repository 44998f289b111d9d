package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"meetdesk/store"
	"meetdesk/store/sqlitedb"
)

// RestoreOptions configures Restore.
type RestoreOptions struct {
	From    string // the path of the backup
	Data    string // the desk's data directory; created if it does not exist
	Force   bool   // whether to replace an existing database, which is kept under another name
	Program string // the version of this program
	Now     time.Time
}

// Restored is the outcome of Restore.
type Restored struct {
	Report
	Kept        string `json:"kept,omitempty"` // the new path of the old database, or "" if there was none
	NextMeeting int64  `json:"nextMeeting"`    // the number of the next meeting
}

// String returns the report, followed by the path of the old database and the number of the
// next meeting.
func (r Restored) String() string {
	kept := "there was none"
	if r.Kept != "" {
		kept = r.Kept
	}
	return r.Report.String() + fmt.Sprintf("  old database  %s\n  next meeting  number %d\n", kept, r.NextMeeting)
}

// ErrExists is returned by Restore if a database exists and Force is not set.
var ErrExists = errors.New("the data directory contains a database already; -force replaces it and keeps it under another name")

// Restore verifies a backup, upgrades a copy of it, and replaces the database with that
// copy. No desk may be using the data directory. Restore skips numbers of meetings and
// audit entries that may have been assigned since the backup was made. If Restore fails,
// the old database stays in place.
func Restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	if r.Report, err = Verify(ctx, o.From); err != nil {
		return r, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return r, err
	}
	lock, err := store.Lock(o.Data)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	database := filepath.Join(o.Data, store.FileName)
	_, err = os.Stat(database)
	exists := err == nil
	if exists && !o.Force {
		return r, ErrExists
	}
	draft := database + ".restoring"
	if err := sqlitedb.Remove(draft); err != nil {
		return r, err
	}
	if err := sqlitedb.Copy(ctx, o.From, draft, nil); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, sqlitedb.Remove(draft)) }() // after success, the draft no longer exists
	if err := (sqlitedb.Upgrade{Program: o.Program}).Migrate(ctx, draft); err != nil {
		return r, err
	}
	old := ""
	if exists {
		old = database
	}
	if r.NextMeeting, err = reserveNumbers(ctx, draft, old, o.From, o.Now); err != nil {
		return r, err
	}
	if r.Kept, err = keep(database, database+".replaced-"+o.Now.UTC().Format(timeLayout)); err != nil {
		return r, fmt.Errorf("keep the old database: %w", err)
	}
	r.Path = database
	return r, sqlitedb.Rename(draft, database)
}

// keep creates a hard link that preserves the old database under a second name. It returns
// that name, or "" if there was no old database. It also renames the write-ahead log,
// because SQLite would otherwise apply it to the new database.
func keep(database, second string) (kept string, err error) {
	for _, step := range []func() error{
		func() error { return os.Link(database, second) },
		func() error { return os.Rename(database+"-wal", second+"-wal") },
	} {
		switch err := step(); {
		case err == nil:
			kept = second
		case !errors.Is(err, os.ErrNotExist):
			return "", err
		}
	}
	if err := os.Remove(database + "-shm"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	return kept, nil
}

// reserveNumbers raises the next meeting number above any number that a lost meeting may
// have had, and returns it. The audit entry for the restore gets the first free number
// of the audit log. Numbers in the old database are only lower bounds, because that
// database may itself be new or restored from a backup.
func reserveNumbers(ctx context.Context, path, old, from string, now time.Time) (next int64, err error) {
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if next, err = meetingNumbers.firstFree(ctx, db, now); err != nil {
		return 0, err
	}
	entry, err := entryNumbers.firstFree(ctx, db, now)
	if err != nil {
		return 0, err
	}
	if old != "" {
		oldMeeting, oldEntry := numbersIn(ctx, old)
		next, entry = max(next, oldMeeting), max(entry, oldEntry)
	}
	if _, err := db.ExecContext(ctx, `UPDATE next_ids SET meeting = $1`, next); err != nil {
		return 0, err
	}
	const q = `INSERT INTO audit (id, at, action, detail) VALUES ($1, $2, $3, $4)`
	if _, err := db.ExecContext(ctx, q, entry, now.UnixMilli(), store.AuditRestored, filepath.Base(from)); err != nil {
		return 0, err
	}
	return next, execute(ctx, db, `PRAGMA journal_mode = DELETE`)
}
