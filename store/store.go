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
	*listing.Lists // for lists, searches and exports; these connections are separate so that a look-up never waits for a list

	engine engine
	index  listing.Index
	write  *sql.DB // for transactions that decide what to write based on what they have read; see engine.transact
	aside  execer  // for single statements that need not wait for the transactions on write; see engine.transactAside
	read   *sql.DB // for look-ups
	seal   atomic.Pointer[sealer]
	packer ReplyPacker
	now    func() time.Time
	log    *slog.Logger

	changes    atomic.Int64 // the number of transactions since the start that may have changed a list
	auditQueue auditQueue
	refusals   refusals
	retention  chan struct{} // wakes KeepRetention
	closed     atomic.Bool
}

// Options are the options for opening a store.
type Options struct {
	Database string           // the address of a PostgreSQL database; "" for SQLite
	Dir      string           // the data directory of SQLite; created with mode 0700 if it does not exist
	Keys     [][]byte         // 32 bytes each, for stored tokens: the first key encrypts, and any key may decrypt
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
	return s, nil
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

// transact runs do in a transaction. Only one such transaction runs at a time, so the
// rows that it has read stay unchanged until do returns. The transaction sees the changes
// made by all earlier ones, even those that will be committed only together with it. The
// function do must return the error of any statement that fails.
func (s *Store) transact(ctx context.Context, do func(*sql.Tx) error) error {
	defer s.changes.Add(1) // even after an error, because the transaction may still have been committed
	return s.transactUnlisted(ctx, do)
}

// transactUnlisted is like transact, but for changes that cannot affect any list.
func (s *Store) transactUnlisted(ctx context.Context, do func(*sql.Tx) error) error {
	return s.engine.transact(ctx, do)
}

// Exclude takes the named lock. Other desks on the same database wait for it until
// release is called. Exclude gives up when the context ends. It does not exclude other
// goroutines of this process.
func (s *Store) Exclude(ctx context.Context, name string) (release func(), err error) {
	return s.engine.exclude(ctx, name)
}

// millis converts a time to its stored form: milliseconds, or NULL for the zero time.
func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
