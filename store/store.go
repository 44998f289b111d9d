package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// FileName is the name of the database file in the data directory.
const FileName = "meetdesk.db"

// Store is the open database. Its methods are safe for concurrent use.
type Store struct {
	*listing.Lists // for lists, searches and exports; these connections are separate so that a look-up never waits for a list

	write  *sql.DB
	read   *sql.DB // for look-ups
	path   string  // of the database
	seal   atomic.Pointer[sealer]
	lock   directoryLock
	packer ReplyPacker
	now    func() time.Time
	log    *slog.Logger

	changes    atomic.Int64 // the number of transactions since the start that may have changed a list
	auditQueue auditQueue
	refusals   refusals
	retention  chan struct{} // wakes KeepRetention
	closed     atomic.Bool
}

// mayWrite is the mode of access(2) for writing.
const mayWrite = 2

// Options are the options for opening a store.
type Options struct {
	Dir     string           // the data directory; created with mode 0700 if it does not exist
	Keys    [][]byte         // 32 bytes each, for stored tokens: the first key encrypts, and any key may decrypt
	Program string           // the version of the program, which an upgrade of the database records
	Backups string           // the folder for the backup that is made before an upgrade; "" for the data directory
	Now     func() time.Time // nil for time.Now

	// OnUpgrade is called when a step of an upgrade of the database begins, and every few
	// seconds. It may be nil.
	OnUpgrade func(sqlitedb.Progress)

	Log *slog.Logger // nil for slog.Default
}

// Open locks the data directory and brings the schema up to date. Attempts that were
// still pending when the last process stopped become unfinished. Open returns ErrLocked
// if another process has locked the directory.
func Open(ctx context.Context, o Options) (*Store, error) {
	seal, err := newSealer(o.Keys)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	lock, err := lockDirectory(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Access(o.Dir, mayWrite); err != nil { // SQLite creates files beside the database
		return nil, errors.Join(fmt.Errorf("data directory %s: write: %w", o.Dir, err), lock.Close())
	}
	s := &Store{path: filepath.Join(o.Dir, FileName), retention: make(chan struct{}, 1), lock: lock, now: o.Now, log: cmp.Or(o.Log, slog.Default())}
	s.seal.Store(&seal)
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.open(ctx, o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// checkLimit is the longest time that opening the store spends on looking for damage.
const checkLimit = 2 * time.Second

func (s *Store) open(ctx context.Context, o Options) (err error) {
	path := s.path
	complete, err := sqlitedb.Check(ctx, path, checkLimit)
	if err != nil {
		return err
	}
	if !complete {
		s.log.InfoContext(ctx, "the database was checked only in part, because it is large; \"meetdesk verify\" checks all of it")
	}
	if err := sqlitedb.Create(path); err != nil {
		return err
	}
	upgrade := sqlitedb.Upgrade{Program: o.Program, Log: s.log, OnStep: o.OnUpgrade, Before: func(ctx context.Context, schema int64) error {
		return s.backUpBeforeUpgrade(ctx, path, cmp.Or(o.Backups, o.Dir), schema, o.OnUpgrade)
	}}
	if err := upgrade.Migrate(ctx, path); err != nil {
		return err
	}
	if s.write, err = sqlitedb.OpenWriter(path); err != nil {
		return err
	}
	if s.read, err = sqlitedb.OpenReader(path); err != nil {
		return err
	}
	if s.Lists, err = listing.Open(path, s.now, &s.changes); err != nil {
		return err
	}
	return errors.Join(s.transactUnlisted(ctx, func(tx *sql.Tx) error { return listing.NewIndex(ctx, tx) }), s.loadDictionaries(ctx), s.settleStopped(ctx), s.queueForNewRules(ctx))
}

// backUpBeforeUpgrade copies the database into dir, so that an administrator can go back
// to the older version of the program. The copy contains tokens and sessions.
func (s *Store) backUpBeforeUpgrade(ctx context.Context, path, dir string, schema int64, onStep func(sqlitedb.Progress)) error {
	name := filepath.Join(dir, fmt.Sprintf("meetdesk-%s-before-upgrade-from-schema-%d.db", s.now().UTC().Format("20060102T150405Z"), schema))
	began, next := time.Now(), time.Now().Add(sqlitedb.ProgressInterval)
	report := func(copied, all int) {
		if now := time.Now(); now.After(next) {
			next = now.Add(sqlitedb.ProgressInterval)
			sqlitedb.Progress{Step: "backup", Done: int64(copied), All: int64(all), Elapsed: now.Sub(began)}.Report(s.log, onStep)
		}
	}
	if err := sqlitedb.Copy(ctx, path, name+".partial", report); err != nil {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	if err := sqlitedb.Rename(name+".partial", name); err != nil {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	s.log.Info("backup before the upgrade", "file", name)
	return nil
}

// Close writes the queued audit entries, closes all connections and unlocks the data
// directory.
func (s *Store) Close() error {
	s.queueRefusals()
	s.closed.Store(true)
	var errs []error
	if s.read != nil {
		errs = append(errs, s.FlushAudit(context.Background()))
	}
	if s.Lists != nil {
		errs = append(errs, s.Lists.Close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// transact runs do in one transaction, which holds the write lock from the beginning.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) error {
	defer s.changes.Add(1) // even after an error, because the transaction may still have been committed
	return s.transactUnlisted(ctx, do)
}

// transactUnlisted does the same as transact, for changes that cannot affect any list.
func (s *Store) transactUnlisted(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// millis returns the time in the form in which it is stored. The zero time is stored as
// NULL.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
