package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"meetdesk/store/sqlitedb"
)

// FileName is the database's name in the data folder.
const FileName = "meetdesk.db"

// Store is the open database. Its methods are safe for concurrent use.
type Store struct {
	write *sql.DB
	read  sqlitedb.Reader // for look-ups
	lists sqlitedb.Reader // for lists, searches and exports: however long those take, look-ups do not wait for them
	seal  sealer
	lock  *os.File
	now   func() time.Time
	log   *slog.Logger

	changes atomic.Int64 // transactions since the start that may have changed a list
	counts  counts
	many    conditionSet // that many meetings match
	waiting waiting
	closed  atomic.Bool
}

// Options open a store.
type Options struct {
	Dir  string           // the data folder; made with mode 0700 when missing
	Keys [][]byte         // 32 bytes each, for tokens at rest: the first seals, all open
	Now  func() time.Time // nil for time.Now
	Log  *slog.Logger     // nil for slog.Default
}

// Open takes the data folder for this process, brings the schema up to date and
// marks attempts that a stopped process left behind as unfinished. It returns
// ErrLocked when another process owns the folder.
func Open(ctx context.Context, o Options) (*Store, error) {
	seal, err := newSealer(o.Keys)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := lockFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{seal: seal, lock: lock, now: o.Now, log: cmp.Or(o.Log, slog.Default())}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.open(ctx, filepath.Join(o.Dir, FileName)); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) (err error) {
	if err := sqlitedb.Create(path); err != nil {
		return err
	}
	if err := sqlitedb.Migrate(ctx, path); err != nil {
		return err
	}
	if s.write, err = sqlitedb.OpenWriter(path); err != nil {
		return err
	}
	if s.read, err = sqlitedb.OpenReader(path); err != nil {
		return err
	}
	if s.lists, err = sqlitedb.OpenReader(path); err != nil {
		return err
	}
	return s.settleStopped(ctx)
}

// Close writes what waits to be written, ends all connections and gives the data folder back.
func (s *Store) Close() error {
	var first error
	s.closed.Store(true)
	if s.read.DB != nil {
		first = s.SettleAudit(context.Background())
	}
	for _, db := range []*sql.DB{s.read.DB, s.lists.DB, s.write} {
		if db == nil {
			continue
		}
		if err := db.Close(); err != nil && first == nil {
			first = err
		}
	}
	if err := s.lock.Close(); err != nil && first == nil {
		first = err
	}
	return first
}

// transact runs do in one transaction that holds the write lock from its start.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) error {
	defer s.changes.Add(1) // also where nobody knows whether it was committed
	return s.transactApart(ctx, do)
}

// transactApart is transact for what is in no list.
func (s *Store) transactApart(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // no effect after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// millis is a time as it is stored: NULL for the zero time.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
