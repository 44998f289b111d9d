package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/listing"
	"meetdesk/store/postgresdb"
)

// postgresEngine is the engine for a PostgreSQL database, which several processes may
// share.
type postgresEngine struct {
	address postgresdb.Address
	write   *sql.DB
	aside   *sql.DB
	locks   postgresdb.Locks
	id      int64        // the ID of this process in the desks table
	running atomic.Int64 // the number of rows in the desks table when the lease was last renewed
}

const openLimit = time.Minute

func (s *Store) openPostgres(ctx context.Context, o Options) error {
	address, err := postgresdb.Parse(o.Database)
	if err != nil {
		return fmt.Errorf("address of the database: %w", err)
	}
	if err := address.Wait(ctx, openLimit, s.log); err != nil {
		return err
	}
	if err := address.Migrate(ctx, o.Program, s.log); err != nil {
		return err
	}
	s.write, s.read = address.OpenWriter(), address.OpenReader()
	e := &postgresEngine{address: address, write: s.write, aside: address.OpenAside(), locks: address.OpenLocks()}
	s.engine, s.aside = e, e.aside
	if err := address.CheckComplete(ctx, s.read); err != nil {
		return err
	}
	s.index, s.Lists = listing.PostgresIndex(), listing.OpenPostgres(address.OpenLister(), s.now, &s.changes)
	return e.register(ctx)
}

func (e *postgresEngine) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	id, err := postgresdb.LockWriter(ctx, tx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err
	}
	return postgresdb.Commit(ctx, tx, id, e.aside)
}

func (e *postgresEngine) transactAside(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := e.aside.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (e *postgresEngine) exclude(ctx context.Context, name string) (release func(), err error) {
	return e.locks.Lock(ctx, name)
}

func (e *postgresEngine) equalFold(a, b string) string {
	return `lower(` + a + ` COLLATE "C") = lower(` + b + ` COLLATE "C")`
}

func (e *postgresEngine) useIndex(string) string { return "" }

// shrink does nothing, because the cache belongs to the server.
func (e *postgresEngine) shrink(context.Context) {}

// insertAttendees uses a single statement, because each statement needs a round trip to
// the server.
func (e *postgresEngine) insertAttendees(ctx context.Context, tx *sql.Tx, meetingID int64, list []meeting.Attendee) error {
	const q = `INSERT INTO attendees (meeting_id, position, upn, object_id, name, role, identity)
		SELECT $1, position - 1, upn, object_id, name, role, identity
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS a (upn, object_id, name, role, identity, position)`
	if len(list) == 0 {
		return nil
	}
	var upns, ids, names, roles, identities []string
	for _, a := range list {
		upns, ids, names = append(upns, a.UPN), append(ids, StoredObjectID(a)), append(names, a.Name)
		roles, identities = append(roles, string(a.Role)), append(identities, string(a.Identity))
	}
	_, err := tx.ExecContext(ctx, q, meetingID, upns, ids, names, roles, identities)
	return err
}

func (e *postgresEngine) checkWritable(ctx context.Context) error {
	return postgresdb.Probe(ctx, e.aside)
}

func (e *postgresEngine) checkSchema(ctx context.Context, read *sql.DB) error {
	return postgresdb.CheckSchema(ctx, read)
}

// checkPages does nothing, because PostgreSQL checks its own pages.
func (e *postgresEngine) checkPages(context.Context, *sql.DB, time.Duration) (complete bool, err error) {
	return true, nil
}

// checkDisk does nothing, because the desk has no access to the server's disk.
func (e *postgresEngine) checkDisk() error { return nil }

// size returns the size of the database. The size of the write-ahead log and the free disk
// space are unknown.
func (e *postgresEngine) size(ctx context.Context) (Size, error) {
	size := Size{LogBytes: -1, FreeBytes: -1}
	err := e.aside.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&size.Bytes)
	return size, err
}

// fillFreePages does nothing; see forgetDeleted.
func (e *postgresEngine) fillFreePages(context.Context, *sql.Tx) (done bool, err error) {
	return true, nil
}

// emptyFiller does nothing; see forgetDeleted.
func (e *postgresEngine) emptyFiller(context.Context, *sql.Tx) (done bool, err error) {
	return true, nil
}

// forgetDeleted removes old row versions from the tables in personalTables, the retention
// tasks and the full-text index. The content of these versions stays in the data files and
// the write-ahead log until it is overwritten.
func (e *postgresEngine) forgetDeleted(ctx context.Context) error {
	for _, t := range personalTables() {
		if _, err := e.aside.ExecContext(ctx, `VACUUM `+t.name); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	// VACUUM does not remove words from the GIN index.
	for _, q := range []string{`VACUUM retention_tasks`, `VACUUM meetings_fts`, `REINDEX INDEX CONCURRENTLY meetings_fts_words`} {
		if _, err := e.aside.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

func (e *postgresEngine) Close() error { return errors.Join(e.aside.Close(), e.locks.Close()) }
