// Package backup copies the desk's database, checks copies and restores them. The desk may
// keep running, except during a restore.
package backup

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meetdesk/store"
	"meetdesk/store/sqlitedb"
)

// The name of a backup consists of the prefix, the time in UTC and the suffix. Sorting
// backups by name therefore also sorts them by time.
const (
	prefix     = "meetdesk-"
	suffix     = ".db"
	timeLayout = "20060102T150405Z"
)

// Options configures Take.
type Options struct {
	Data     string                // the desk's data directory
	File     string                // the path of the backup; "" for a file in Folder, named after the time
	Folder   string                // an existing folder; only used if File is ""
	Keep     int                   // the number of backups to keep in Folder; 0 keeps all of them
	Secrets  bool                  // whether the backup also contains sessions and tokens
	Now      time.Time             // the time to use in the file's name
	Progress func(copied, all int) // called with the number of pages copied so far and the total number of pages; may be nil
}

// Take writes a backup under a temporary name and renames it once it has been verified and
// synced. If File is "" and Keep is not 0, Take then removes the oldest backups from Folder
// until only Keep backups are left.
func Take(ctx context.Context, o Options) (r Report, err error) {
	to := o.File
	if to == "" {
		to = nameAt(o.Folder, o.Now)
	} else if _, err := os.Stat(to); err == nil {
		return r, fmt.Errorf("%s exists already", to)
	}
	if err := removeOldDrafts(to); err != nil {
		return r, err
	}
	draft := to + "." + rand.Text() + draftSuffix // the name is random because another backup to the same destination may be in progress
	if err := sqlitedb.Copy(ctx, filepath.Join(o.Data, store.FileName), draft, o.Progress); err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft))
		}
	}()
	if err := finish(ctx, draft, o.Secrets); err != nil {
		return r, fmt.Errorf("backup: %w", err)
	}
	if r, err = Verify(ctx, draft); err != nil {
		return r, fmt.Errorf("the new backup: %w", err)
	}
	err = sqlitedb.RenameNew(draft, to)
	for at := o.Now; o.File == "" && errors.Is(err, os.ErrExist); { // another backup began in the same second
		at = at.Add(time.Second)
		to = nameAt(o.Folder, at)
		err = sqlitedb.RenameNew(draft, to)
	}
	if err != nil {
		return r, err
	}
	r.Path = to
	if o.File == "" && o.Keep > 0 {
		return r, rotate(o.Folder, o.Keep)
	}
	return r, nil
}

func nameAt(folder string, at time.Time) string {
	return filepath.Join(folder, prefix+at.UTC().Format(timeLayout)+suffix)
}

// The name of an unverified backup ends with draftSuffix. A draft that has not been
// modified for draftAge is assumed to be abandoned.
const (
	draftSuffix = ".unverified"
	draftAge    = 3 * time.Hour
)

// removeOldDrafts removes abandoned drafts from the folder that contains the path.
func removeOldDrafts(path string) error {
	folder := filepath.Dir(path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		isOurs := strings.HasPrefix(name, prefix) || strings.HasPrefix(name, filepath.Base(path)+".")
		if !isOurs || !strings.HasSuffix(name, draftSuffix) || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) > draftAge {
			err = os.Remove(filepath.Join(folder, name))
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) { // another backup may have removed it
			return err
		}
	}
	return nil
}

// secretTables lists the tables that are empty in a backup without secrets. Sessions are
// deleted first because they refer to grants. After a restore, all users must sign in
// again. Imports lose their grants, so they are paused until the users who started them
// resume them.
var secretTables = []string{"sessions", "grants"}

// finish turns the copy into a single file without a write-ahead log. Unless secrets is
// set, it also deletes the sessions and tokens.
func finish(ctx context.Context, path string, secrets bool) error {
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		return err
	}
	defer db.Close()
	statements := []string{`PRAGMA foreign_keys = ON`, `PRAGMA journal_mode = DELETE`, `PRAGMA synchronous = FULL`, `PRAGMA secure_delete = ON`}
	if !secrets {
		for _, table := range secretTables {
			statements = append(statements, `DELETE FROM `+table)
		}
	}
	for _, statement := range statements {
		if err := execute(ctx, db, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return db.Close()
}

// execute runs a statement that may return rows, such as a pragma.
func execute(ctx context.Context, db *sql.DB, statement string) error {
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// rotate removes the oldest backups in the folder until only the given number is left. It
// does not remove other files.
func rotate(folder string, keep int) error {
	taken, err := List(folder)
	if err != nil {
		return err
	}
	for _, name := range taken[:max(0, len(taken)-keep)] {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}

// List returns the names of the backups in a folder, oldest first.
func List(folder string) (names []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if _, ok := takenAt(entry.Name()); ok && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// Newest returns the time of the newest backup in a folder, or the zero time if the
// folder contains no backups.
func Newest(folder string) (at time.Time, err error) {
	taken, err := List(folder)
	if err == nil && len(taken) > 0 {
		at, _ = takenAt(taken[len(taken)-1])
	}
	return at, err
}

func takenAt(name string) (at time.Time, ok bool) {
	middle, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return at, false
	}
	if middle, ok = strings.CutSuffix(middle, suffix); !ok {
		return at, false
	}
	at, err := time.Parse(timeLayout, middle)
	return at, err == nil
}
