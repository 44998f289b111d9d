package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	*listing.Lists // separate connections for lists, searches and exports, so that lookups do not wait for them

	engine engine
	index  listing.Index
	write  *sql.DB // for transactions that read before they write; see engine.transact
	aside  execer  // for single statements that need not wait for such transactions; see engine.transactAside
	read   *sql.DB // for lookups
	seal   atomic.Pointer[sealer]
	packer ReplyPacker
	now    func() time.Time
	opened time.Time
	log    *slog.Logger

	changes    atomic.Int64 // the number of transactions since the store was opened that may have changed a list
	auditQueue auditQueue
	refusals   refusals
	retention  chan struct{} // wakes KeepRetention
	closed     atomic.Bool
}

// Options configures the store that Open returns.
type Options struct {
	Database string           // the address of a PostgreSQL database; "" for SQLite
	Dir      string           // the data directory of SQLite; created with mode 0700 if it does not exist
	Keys     [][]byte         // 32-byte keys for stored tokens: the first one encrypts, and any of them can decrypt
	Program  string           // the program's version, which is recorded when the database is upgraded
	Backups  string           // the folder for SQLite's backup before an upgrade; "" for the data directory
	Now      func() time.Time // nil for time.Now

	// OnUpgrade is called at the start of each step of an SQLite database upgrade, and
	// every few seconds after that. It may be nil.
	OnUpgrade func(sqlitedb.Progress)

	Log *slog.Logger // nil for slog.Default
}

// Open opens the database and upgrades its schema. With SQLite, it locks the data
// directory, or returns ErrLocked. Pending attempts of stopped processes become
// unfinished.
func Open(ctx context.Context, o Options) (*Store, error) {
	seal, err := newSealer(o.Keys)
	if err != nil {
		return nil, err
	}
	s := &Store{retention: make(chan struct{}, 1), now: o.Now, log: cmp.Or(o.Log, slog.Default())}
	s.seal.Store(&seal)
	if s.now == nil {
		s.now = time.Now
	}
	open := s.openSQLite
	if o.Database != "" {
		open = s.openPostgres
	}
	if err := open(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := errors.Join(s.loadDictionaries(ctx), s.settleStopped(ctx), s.queueForNewRules(ctx)); err != nil {
		s.Close()
		return nil, err
	}
	s.opened = s.now()
	return s, nil
}

// Close writes the queued audit entries, closes all connections and unlocks the data
// directory.
func (s *Store) Close() error {
	s.queueRefusals()
	s.closed.Store(true)
	var errs []error
	if s.read != nil {
		errs = append(errs, s.flushLastAudit(context.Background()))
	}
	if s.Lists != nil {
		errs = append(errs, s.Lists.Close())
	}
	if s.engine != nil {
		s.engine.unregister()
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	return errors.Join(errs...)
}

// transact runs the callback in a transaction. Such transactions run one at a time, so the
// rows that the callback has read do not change until it returns. The callback sees the
// changes of all earlier transactions, including those that share its commit. It must
// return the error of any failed statement.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) error {
	defer s.changes.Add(1) // even after an error, because the transaction may still have been committed
	return s.transactUnlisted(ctx, do)
}

// transactUnlisted is like transact, but for changes that cannot affect any list.
func (s *Store) transactUnlisted(ctx context.Context, do func(*sql.Tx) error) error {
	return s.engine.transact(ctx, do)
}

// Exclude acquires the named lock. Until the release function is called, the lock excludes
// other desks on the same database, but not other goroutines of this process. Exclude
// returns an error if the context ends first.
func (s *Store) Exclude(ctx context.Context, name string) (release func(), err error) {
	return s.engine.exclude(ctx, name)
}

// millis converts a time to its stored form: milliseconds since the Unix epoch, or NULL for
// the zero time.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
