package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"meetdesk/store"
)

// scattered lists the indexes whose keys would be inserted in random order. They are created
// after all rows have been inserted. Otherwise, each of these indexes would cost one page
// read and two page writes per row.
var scattered = []string{
	"meetings_graph", "meetings_thread", "meetings_join_meeting_id", "meetings_conference",
	"calls_request", "calls_client_request",
}

// Settings for the full-text index: the usual ones, and those used while filling a
// database. The settings for filling produce larger segments, which need fewer merges. They
// leave the last segment at a level that new meetings rarely reach, so creates rarely wait
// for a long merge.
var (
	usualIndex = map[string]int{"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}
	fillIndex  = map[string]int{"hashsize": 32 << 20, "automerge": 0, "crisismerge": 4}
)

// readyForMany prepares a database for being filled. It drops the scattered indexes and
// makes the full-text index merge less often.
func readyForMany(ctx context.Context, path string) (err error) {
	db, err := openDatabase(path, "_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, name := range scattered {
		if _, err := db.ExecContext(ctx, `DROP INDEX IF EXISTS `+name); err != nil {
			return err
		}
	}
	return setIndex(ctx, db, fillIndex)
}

func setIndex(ctx context.Context, db *sql.DB, values map[string]int) error {
	for name, value := range values {
		if _, err := db.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ($1, $2)`, name, value); err != nil {
			return fmt.Errorf("full-text index: %s: %w", name, err)
		}
	}
	return nil
}

// leftFilling reports whether an interrupted run has left fillIndex in effect.
func leftFilling(ctx context.Context, path string) (left bool, err error) {
	db, err := openDatabase(path, "mode=ro")
	if err != nil {
		return false, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings_fts_config WHERE k = 'automerge' AND v = 0)`).Scan(&left)
	return left, err
}

// restoreIndexes undoes readyForMany, even after an interrupted run. It creates every
// index that a new database has and this one lacks.
func (b *bench) restoreIndexes(ctx context.Context, path string) (err error) {
	dir, err := os.MkdirTemp(b.dir, "meetdesk-new-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	indexes, err := indexesOfNew(ctx, dir)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	// This deferred call runs after the database is closed. Closing the file earlier would
	// release the database's locks.
	defer func() { err = errors.Join(err, file.Close()) }()
	db, err := openDatabase(path, "_pragma=cache_size(-1000000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := setIndex(ctx, db, usualIndex); err != nil {
		return err
	}
	for name, create := range indexes {
		var there int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = $1`, name).Scan(&there); err != nil {
			return err
		}
		if there > 0 {
			continue
		}
		b.say("indexing: %s", name)
		if err := makeIndex(ctx, db, file, create); err != nil {
			return fmt.Errorf("index %s: %w", name, err)
		}
	}
	_, err = db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// makeIndex runs the statement while another goroutine reads the whole file. Otherwise, if
// the file does not fit into memory, SQLite would read it row by row, at a tenth of the
// disk's speed.
func makeIndex(ctx context.Context, db *sql.DB, file *os.File, create string) error {
	reading, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- readThrough(reading, file) }()
	_, err := db.ExecContext(ctx, create)
	stop()
	return errors.Join(err, <-done)
}

func readThrough(ctx context.Context, file *os.File) error {
	part := make([]byte, 4<<20)
	for at := int64(0); ctx.Err() == nil; at += int64(len(part)) {
		if _, err := file.ReadAt(part, at); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// indexesOfNew returns the CREATE statement of each index of the database in the directory,
// keyed by the index's name. If there is no database, it creates one.
func indexesOfNew(ctx context.Context, dir string) (indexes map[string]string, err error) {
	s, err := store.Open(ctx, store.Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	db, err := openDatabase(filepath.Join(dir, databaseFile), "mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	indexes = make(map[string]string)
	for rows.Next() {
		var name, create string
		if err := rows.Scan(&name, &create); err != nil {
			return nil, err
		}
		indexes[name] = create
	}
	return indexes, rows.Err()
}
