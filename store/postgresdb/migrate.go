package postgresdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"meetdesk/migrations"
)

// Migrate applies the missing migrations, each in its own transaction. It holds a lock so
// that no other program can migrate the database at the same time. It returns a
// *migrations.NewerSchemaError if the database has migrations that are unknown to this
// program. The program argument is this program's version, which Migrate records with the
// upgrade.
//
// Older desks may keep running, unless the database is older than migrations.Compatible.
func (a Address) Migrate(ctx context.Context, program string, log *slog.Logger) (err error) {
	db := a.pool(2) // checkDirect uses two connections
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := a.checkDirect(ctx, db); err != nil {
		return err
	}
	schema, known, err := a.schema(ctx, db)
	if err != nil || schema == known {
		return err
	}
	if schema >= firstLeases && schema < migrations.Compatible {
		if err := a.CheckNoDesk(ctx, db); err != nil {
			return err
		}
	}
	log.Info("upgrade of the database", "database", a.String(), "from", schema, "to", known)
	if err := a.upWhenFree(ctx); err != nil {
		if ctx.Err() != nil { // the end of the context closed the connection, so the server may be reachable
			return err
		}
		return a.openError(err)
	}
	const q = `INSERT INTO upgrades (schema, program, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	if _, err := db.ExecContext(ctx, q, known, program, time.Now().UnixMilli()); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// firstLeases is the schema that introduced the desks table.
const firstLeases = 34

// A migration waits only briefly for a table that other transactions use, because later
// transactions have to wait behind the migration. If it does not get the table in time, it
// is rolled back and retried. lockWait is shorter than the server's deadlock_timeout, which
// is a second by default. In a deadlock, the migration therefore gives up before any
// request fails. longLockWait is longer, because autovacuum releases a table only after
// another transaction has waited for deadlock_timeout.
const (
	lockWait     = 200 * time.Millisecond
	longLockWait = 2 * time.Second
	lockPause    = 300 * time.Millisecond
	lockLimit    = time.Minute
)

// upWhenFree runs the missing migrations. While other transactions use a table, it retries
// for up to lockLimit.
func (a Address) upWhenFree(ctx context.Context) error {
	for begun := time.Now(); ; time.Sleep(lockPause) {
		wait := lockWait
		if time.Since(begun) > lockLimit/2 {
			wait = longLockWait
		}
		err := a.withLockTimeout(wait).up(ctx)
		if !isLocked(err) || time.Since(begun) > lockLimit || ctx.Err() != nil {
			return err
		}
	}
}

// withLockTimeout returns the address with a limit on how long a statement waits for a
// lock. The limit is set by a statement, because PgBouncer rejects it as a parameter of the
// connection.
func (a Address) withLockTimeout(wait time.Duration) Address {
	config := a.config.Copy()
	config.AfterConnect = func(ctx context.Context, c *pgconn.PgConn) error {
		return c.Exec(ctx, fmt.Sprintf("SET lock_timeout = %d", wait.Milliseconds())).Close()
	}
	return Address{config}
}

func (a Address) up(ctx context.Context) (err error) {
	db := a.pool(2) // two connections, one of them for the lock
	defer func() { err = errors.Join(err, db.Close()) }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Postgres(), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Schema returns the number of the last migration in the database, or 0 if the database is
// empty, and the number of the last migration in this program. It returns a
// *migrations.NewerSchemaError if the database has unknown migrations.
func (a Address) Schema(ctx context.Context) (schema, known int64, err error) {
	db := a.pool(2)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := a.checkDirect(ctx, db); err != nil {
		return 0, 0, err
	}
	return a.schema(ctx, db)
}

func (a Address) schema(ctx context.Context, db *sql.DB) (schema, known int64, err error) {
	known = int64(migrations.Latest())
	var exists bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&exists); err != nil || !exists {
		return 0, known, a.openError(err)
	}
	if err := db.QueryRowContext(ctx, latestVersion).Scan(&schema); err != nil {
		return 0, known, a.openError(err)
	}
	if schema > known {
		return schema, known, newerSchema(ctx, db, schema, known)
	}
	return schema, known, nil
}

const latestVersion = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

func newerSchema(ctx context.Context, db *sql.DB, schema, known int64) error {
	e := &migrations.NewerSchemaError{Schema: schema, Known: known}
	err := db.QueryRowContext(ctx, `SELECT program FROM upgrades ORDER BY schema DESC LIMIT 1`).Scan(&e.Program)
	if err != nil {
		return fmt.Errorf("the database has schema %d, and this version of meetdesk knows only schema %d: %w", schema, known, err)
	}
	return e
}
