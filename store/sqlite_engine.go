package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// FileName is the name of the database file in the data directory.
const FileName = sqlitedb.FileName

// sqliteEngine is the engine for an SQLite file in a data directory. Only this process uses
// the directory.
type sqliteEngine struct {
	path   string // the path of the database file
	lock   directoryLock
	writer *sqliteWriter
	opened bool // whether the database was opened without an error
}

// mayWrite is W_OK, a mode for access(2).
const mayWrite = 2

// checkLimit is the time limit for checking the database when the store is opened.
const checkLimit = 2 * time.Second

// openSQLite locks the data directory and opens its database. It first creates or upgrades
// the database if necessary.
func (s *Store) openSQLite(ctx context.Context, o Options) error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	lock, err := lockDirectory(o.Dir)
	if err != nil {
		return err
	}
	path := filepath.Join(o.Dir, FileName)
	e := &sqliteEngine{path: path, lock: lock}
	s.engine = e
	if err := syscall.Access(o.Dir, mayWrite); err != nil { // SQLite creates further files in this directory
		return fmt.Errorf("data directory %s: write: %w", o.Dir, err)
	}
	copied := e.isCopied()
	if err := e.check(ctx, s.log); err != nil {
		return err
	}
	upgrade := sqlitedb.Upgrade{Program: o.Program, Log: s.log, OnStep: o.OnUpgrade, Before: func(ctx context.Context, schema int64) error {
		return s.backUpBeforeUpgrade(ctx, path, cmp.Or(o.Backups, o.Dir), schema, o.OnUpgrade)
	}}
	prepare := upgrade.Migrate
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		prepare = upgrade.Create
	}
	if err := prepare(ctx, path); err != nil {
		return err
	}
	if s.write, err = sqlitedb.OpenWriter(path); err != nil {
		return err
	}
	e.writer = &sqliteWriter{db: s.write}
	s.aside = e.writer
	if s.read, err = sqlitedb.OpenReader(path); err != nil {
		return err
	}
	if copied {
		if err := s.warnOfCopy(ctx); err != nil {
			return err
		}
	}
	if s.Lists, err = listing.Open(path, s.now, &s.changes); err != nil {
		return err
	}
	s.index = listing.SQLiteIndex()
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error { return listing.NewIndex(ctx, tx) })
	e.opened = err == nil
	return err
}

// check looks for damage. After a normal stop, it does not read the database pages of an
// unchanged file, because that would delay every restart by up to checkLimit.
func (e *sqliteEngine) check(ctx context.Context, log *slog.Logger) error {
	if e.lock.isMarked(e.path) {
		_, err := sqlitedb.CheckFiles(e.path)
		return err
	}
	complete, err := sqlitedb.Check(ctx, e.path, checkLimit)
	if err == nil && !complete {
		log.InfoContext(ctx, "the database was checked only in part, because it is large; \"meetdesk verify\" checks all of it")
	}
	return err
}

// backUpBeforeUpgrade copies the database, including tokens and sessions, to dir, so that an
// administrator can return to the older version.
func (s *Store) backUpBeforeUpgrade(ctx context.Context, path, dir string, schema int64, onStep func(sqlitedb.Progress)) error {
	name := filepath.Join(dir, fmt.Sprintf("meetdesk-%s-before-upgrade-from-schema-%d.db", s.now().UTC().Format("20060102T150405Z"), schema))
	began, next := time.Now(), time.Now().Add(sqlitedb.ProgressInterval)
	report := func(copied, all int) {
		if now := time.Now(); now.After(next) {
			next = now.Add(sqlitedb.ProgressInterval)
			sqlitedb.Progress{Step: "backup", Done: int64(copied), All: int64(all), Elapsed: now.Sub(began)}.Report(s.log, onStep)
		}
	}
	partial := filepath.Join(dir, "meetdesk-before-upgrade.partial") // a fixed name, so that the next upgrade removes the file if this process is killed
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	if err := sqlitedb.Copy(ctx, path, partial, report); err != nil {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	if err := sqlitedb.Rename(partial, name); err != nil {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	s.log.Info("backup before the upgrade", "file", name)
	return nil
}

func (e *sqliteEngine) transact(ctx context.Context, do func(*sql.Tx) error) error {
	return e.writer.transact(ctx, do)
}

// transactAside is the same as transact, because SQLite allows only one write transaction
// at a time.
func (e *sqliteEngine) transactAside(ctx context.Context, do func(*sql.Tx) error) error {
	return e.writer.transact(ctx, do)
}

// exclude does nothing, because there are no other processes.
func (e *sqliteEngine) exclude(context.Context, string) (release func(), err error) {
	return func() {}, nil
}

// claimRenewal writes nothing, because there are no other processes.
func (e *sqliteEngine) claimRenewal(context.Context, int64) (claim int64, mine bool, err error) {
	return 0, true, nil
}

func (e *sqliteEngine) deskID() int64 { return 0 }

func (e *sqliteEngine) desks() int { return 1 }

func (e *sqliteEngine) renewLease(context.Context) error { return nil }

func (e *sqliteEngine) unregister() {}

func (e *sqliteEngine) equalFold(a, b string) string { return a + " = " + b + " COLLATE NOCASE" }

func (e *sqliteEngine) useIndex(name string) string { return " INDEXED BY " + name }

// shrink empties the page cache of the writing connection. It ignores errors, which only
// mean that SQLite does not release the memory.
func (e *sqliteEngine) shrink(ctx context.Context) {
	_, _ = e.writer.db.ExecContext(ctx, `PRAGMA shrink_memory`)
}

func (e *sqliteEngine) insertAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, list []meeting.Attendee) error {
	const q = `INSERT INTO attendees (meeting_id, position, upn, object_id, name, role, identity) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	for i, a := range list {
		if _, err := tx.ExecContext(ctx, q, meetingID, i, a.UPN, StoredObjectID(a), a.Name, a.Role, a.Identity); err != nil {
			return err
		}
	}
	return nil
}

func (e *sqliteEngine) checkWritable(ctx context.Context) error {
	return sqlitedb.Probe(ctx, e.writer.db)
}

func (e *sqliteEngine) checkSchema(ctx context.Context, read *sql.DB) error {
	return sqlitedb.CheckSchema(ctx, read)
}

func (e *sqliteEngine) checkPages(ctx context.Context, read *sql.DB, limit time.Duration) (complete bool, err error) {
	return sqlitedb.CheckPages(ctx, read, e.path, limit)
}

func (e *sqliteEngine) checkDisk() error {
	free, err := sqlitedb.FreeDisk(filepath.Dir(e.path))
	if err == nil && free < MinFree {
		err = fmt.Errorf("%d bytes of disk space are free, and %d are needed", free, MinFree)
	}
	return err
}

func (e *sqliteEngine) size(context.Context) (size Size, err error) {
	size.FreeBytes, err = sqlitedb.FreeDisk(filepath.Dir(e.path))
	size.Bytes = sizeOf(e.path, &err)
	size.LogBytes = sizeOf(e.path+"-wal", &err)
	return size, err
}

// sizeOf returns the size of a file, or 0 if it does not exist. It joins any other error to
// *failed.
func sizeOf(path string, failed *error) int64 {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		*failed = errors.Join(*failed, err)
		return 0
	}
	return info.Size()
}

// Close releases the lock. If the database was opened without an error, Close first marks
// it as closed normally. All connections must already be closed.
func (e *sqliteEngine) Close() error {
	if e.opened {
		_ = e.lock.mark(e.path) // without a mark, the next start checks the database
	}
	return e.lock.Close()
}
