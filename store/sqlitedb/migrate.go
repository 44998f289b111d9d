package sqlitedb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/pressly/goose/v3"

	"meetdesk/migrations"
)

// Upgrade contains the options for upgrading a database's schema.
type Upgrade struct {
	Program string                                        // this program's version, which is recorded in the database
	Before  func(ctx context.Context, schema int64) error // runs before an existing database is upgraded; may be nil
	Log     *slog.Logger                                  // receives the progress; if nil, the migrations are not reported to OnStep either
	OnStep  func(Progress)                                // called when a step begins and every few seconds after that; may be nil

	interval time.Duration // overrides ProgressInterval in tests
}

// Schema returns the version of the database's schema and the newest version that this
// program supports. It returns a *migrations.NewerSchemaError if the database's schema is
// newer.
func Schema(ctx context.Context, path string) (schema, known int64, err error) {
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return 0, 0, fmt.Errorf("database: %w", err)
	}
	defer db.Close()
	known = int64(migrations.Latest())
	if err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&schema); err != nil {
		return 0, known, fmt.Errorf("database: %w", err)
	}
	if schema > known {
		return schema, known, newerSchema(ctx, db, schema, known)
	}
	return schema, known, nil
}

// Migrate runs the missing migrations, each in its own transaction. If it is interrupted,
// the next call runs the remaining ones. Migrate returns a *migrations.NewerSchemaError if
// the database's schema is newer than this program's.
func (u Upgrade) Migrate(ctx context.Context, path string) (err error) {
	registerFunctions()
	var rows rowCounter
	db, err := rows.open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	schema, target, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("migrations: %w", err)
	case schema > target:
		return newerSchema(ctx, db, schema, target)
	case schema > 0 && schema < target && u.Before != nil:
		u.report(Progress{Step: "backup"})
		if err := u.Before(ctx, schema); err != nil {
			return err
		}
	}
	if err := u.run(ctx, db, provider, &rows, schema); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	const q = `INSERT INTO upgrades (schema, program, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	if _, err := db.ExecContext(ctx, q, target, u.Program, time.Now().UnixMilli()); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Create creates a database with this program's schema. It builds the file under a temporary
// name and renames it once it is complete. Otherwise, a full disk or a crash could leave an
// incomplete file, which the desk would refuse the next time it starts.
func (u Upgrade) Create(ctx context.Context, path string) (err error) {
	draft := path + ".new"
	if err := errors.Join(Remove(draft), Create(draft)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Remove(draft)) }() // after success, the draft no longer exists
	if err := u.Migrate(ctx, draft); err != nil {
		return err
	}
	if err := withoutLog(ctx, draft); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return Rename(draft, path)
}

// withoutLog takes the database out of WAL mode, which moves the contents of the
// write-ahead log into the database file.
func withoutLog(ctx context.Context, path string) error {
	db, err := OpenFile(path)
	if err != nil {
		return err
	}
	defer db.Close()
	var mode string
	return db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
}

// run applies the migrations one at a time, so that the log shows which one takes a long
// time.
func (u Upgrade) run(ctx context.Context, db *sql.DB, provider *goose.Provider, rows *rowCounter, schema int64) error {
	if u.Log == nil || schema == 0 { // creating a database takes only milliseconds
		u.Log, u.OnStep = slog.New(slog.DiscardHandler), nil
	} else if err := rows.estimate(ctx, db); err != nil {
		return err
	}
	steps := slices.DeleteFunc(provider.ListSources(), func(s *goose.Source) bool { return s.Version <= schema })
	for i, source := range steps {
		u.Log.Info("upgrade of the database", "step", source.Path, "number", i+1, "of", len(steps))
		rows.begin(source.Path)
		u.report(rows.progress())
		stop := repeatEvery(ctx, cmp.Or(u.interval, ProgressInterval), func() {
			rows.progress().Report(u.Log, u.OnStep)
		})
		_, err := provider.UpByOne(ctx)
		stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (u Upgrade) report(p Progress) {
	if u.OnStep != nil {
		u.OnStep(p)
	}
}

// repeatEvery calls the callback at each interval until the context ends or the stop
// function is called. When the stop function returns, the callback is no longer running.
func repeatEvery(ctx context.Context, interval time.Duration, do func()) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

func newerSchema(ctx context.Context, db *sql.DB, schema, known int64) error {
	e := &migrations.NewerSchemaError{Schema: schema, Known: known}
	err := db.QueryRowContext(ctx, `SELECT program FROM upgrades ORDER BY schema DESC LIMIT 1`).Scan(&e.Program)
	if err != nil {
		return fmt.Errorf("the database has schema %d, and this version of meetdesk knows only schema %d: %w", schema, known, err)
	}
	return e
}

// Migrate upgrades the database's schema without reporting progress.
func Migrate(ctx context.Context, path string) error { return Upgrade{}.Migrate(ctx, path) }
