package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"meetdesk/store"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// draftSuffix is added to the name of the database file until the copy is complete.
const draftSuffix = ".copying"

// sqlite is an SQLite database. Its data directory is locked until Close.
type sqlite struct {
	dir  string
	lock io.Closer
	db   *sql.DB
}

func (s *sqlite) path() string { return filepath.Join(s.dir, store.FileName) }

func (s *sqlite) connections() *sql.DB { return s.db }

func (s *sqlite) index() listing.Index { return listing.SQLiteIndex() }

func (s *sqlite) openSource(ctx context.Context) (err error) {
	if _, err := os.Stat(s.path()); err != nil {
		return fmt.Errorf("there is no database in %s: %w", s.dir, err)
	}
	if s.lock, err = store.Lock(s.dir); err != nil {
		return err
	}
	schema, known, err := sqlitedb.Schema(ctx, s.path())
	if err != nil {
		return err
	}
	if schema != known {
		return oldSchema(schema, known)
	}
	s.db, err = sqlitedb.OpenReader(s.path())
	return err
}

func oldSchema(schema, known int64) error {
	return fmt.Errorf("the database to copy has schema %d, and this program needs %d: start this version of meetdesk on it once", schema, known)
}

// openTarget creates a draft of the database in the data directory, or opens an unfinished
// one. The complete method renames the draft.
func (s *sqlite) openTarget(ctx context.Context, source, program string) (err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if s.lock, err = store.Lock(s.dir); err != nil {
		return err
	}
	if _, err := os.Stat(s.path()); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(err, fmt.Errorf("the directory %s has a database already; a copy needs a directory without one", s.dir))
	}
	draft := s.path() + draftSuffix
	if err := sqlitedb.Create(draft); err != nil {
		return err
	}
	if err := (sqlitedb.Upgrade{Program: program}).Migrate(ctx, draft); err != nil {
		return err
	}
	if s.db, err = sqlitedb.OpenWriter(draft); err != nil {
		return err
	}
	// Attempts and replies refer to each other, so some rows refer to rows that are copied
	// later. The complete method checks all references.
	if _, err := s.db.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
		return err
	}
	// Building an index sorts its rows, which would take about 60 bytes of memory for each.
	if _, err := s.db.ExecContext(ctx, `PRAGMA temp_store = FILE`); err != nil {
		return err
	}
	return markTarget(ctx, s, source)
}

func (s *sqlite) has(ctx context.Context, table string) (exists bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = $1)`, table).Scan(&exists)
	return exists, err
}

func (s *sqlite) insert(ctx context.Context, t table, columns []string, rows [][]any) error {
	places := make([]string, len(columns))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return transact(ctx, s.db, func(tx *sql.Tx) error {
		add, err := tx.PrepareContext(ctx, `INSERT INTO `+t.name+` (`+list(columns)+`) VALUES (`+list(places)+`)`)
		if err != nil {
			return err
		}
		defer add.Close()
		for _, row := range rows {
			if _, err := add.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqlite) lowestIndexed() string { return `SELECT min(id) FROM meetings_fts_docsize` }

func (s *sqlite) lastNumbers(ctx context.Context) (map[string]int64, error) {
	last := make(map[string]int64)
	for _, name := range numbered() {
		q := `SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = $1), 0), coalesce((SELECT max(id) FROM ` + name + `), 0))`
		var n int64
		if err := s.db.QueryRowContext(ctx, q, name).Scan(&n); err != nil {
			return nil, err
		}
		last[name] = n
	}
	return last, nil
}

// setLastNumbers sets the last assigned ID of each table with AUTOINCREMENT. In the other
// tables, the IDs of the last rows may be reused after those rows are deleted.
func (s *sqlite) setLastNumbers(ctx context.Context, last map[string]int64) error {
	const (
		clear = `DELETE FROM sqlite_sequence WHERE name = $1`
		set   = `INSERT INTO sqlite_sequence (name, seq) SELECT name, $2 FROM sqlite_schema WHERE name = $1 AND sql LIKE '%AUTOINCREMENT%'`
	)
	return transact(ctx, s.db, func(tx *sql.Tx) error {
		for name, n := range last {
			if _, err := tx.ExecContext(ctx, clear, name); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, set, name, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// stillAlone has nothing to check, because the directory is locked.
func (s *sqlite) stillAlone(context.Context) error { return nil }

func (s *sqlite) complete(ctx context.Context) error {
	var broken int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d rows of the copy refer to rows that do not exist", broken)
	}
	err := transact(ctx, s.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DROP TABLE `+markTable+`; DROP TABLE `+laterTable)
		return err
	})
	if err != nil {
		return err
	}
	err = s.db.Close() // writes the write-ahead log into the database file
	s.db = nil
	if err != nil {
		return err
	}
	return sqlitedb.Rename(s.path()+draftSuffix, s.path())
}

func (s *sqlite) Close() error {
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
