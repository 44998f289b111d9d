package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"

	"meetdesk/migrations"
)

// FileName is the database's name in the data folder.
const FileName = "meetdesk.db"

// Store is the open database. Its methods are safe for concurrent use.
type Store struct {
	write *sql.DB
	read  reader // for look-ups
	lists reader // for lists, searches and exports: however long those take, look-ups do not wait for them
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
	// Made here so that it is never readable by others, whatever the umask.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := migrate(ctx, dsn(path)); err != nil {
		return err
	}
	if s.write, err = openPrepared(dsn(path, "_txlock=immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read.db, err = openPrepared(dsn(path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	if s.lists.db, err = openPrepared(dsn(path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	for _, db := range []*sql.DB{s.read.db, s.lists.db} {
		db.SetMaxOpenConns(max(3, runtime.NumCPU()))
		db.SetMaxIdleConns(max(3, runtime.NumCPU()))
	}
	return s.settleStopped(ctx)
}

// dsn names the file and what every connection to it is set to. Pragmas belong
// to a connection, so a pool has to carry them in its DSN.
func dsn(path string, more ...string) string {
	pragmas := []string{
		"_pragma=busy_timeout(5000)", // first: the others may have to wait
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_pragma=temp_store(MEMORY)",
		"_pragma=cache_size(-8000)", // KiB
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(append(pragmas, more...), "&")
}

// migrate brings the schema up to date, on a connection of its own.
func migrate(ctx context.Context, dsn string) (err error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Close writes what waits to be written, ends all connections and gives the data folder back.
func (s *Store) Close() error {
	var first error
	s.closed.Store(true)
	if s.read.db != nil {
		first = s.SettleAudit(context.Background())
	}
	for _, db := range []*sql.DB{s.read.db, s.lists.db, s.write} {
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

// reader reads to the end whatever becomes of the request: each read is short,
// and to watch whether it is to be broken off takes two goroutines a statement. It
// does not begin for a request that is over.
type reader struct{ db *sql.DB }

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.db.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if ctx.Err() != nil {
		return r.db.QueryRowContext(ctx, query, args...) // a row with that error
	}
	return r.db.QueryRowContext(context.WithoutCancel(ctx), query, args...)
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
