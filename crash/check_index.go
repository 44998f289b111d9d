package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// openToRead opens the database of the running desks, read-only if it is a SQLite database.
func (s *site) openToRead() (*sql.DB, error) {
	if s.cluster != nil {
		return s.cluster.open("meetdesk")
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: s.database()}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(5000)")
}

// copyDatabase copies a stopped desk's database, with its write-ahead log, and returns the
// path of the copy. The checks use the copy, so that the original files stay unchanged.
func (s *site) copyDatabase() (path string, err error) {
	folder := filepath.Join(s.dir, "copy")
	if err := errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o700)); err != nil {
		return "", err
	}
	for _, suffix := range []string{"", "-wal"} {
		err := copyFile(s.database()+suffix, filepath.Join(folder, store.FileName+suffix))
		if err != nil && (suffix == "" || !errors.Is(err, os.ErrNotExist)) {
			return "", err
		}
	}
	return filepath.Join(folder, store.FileName), nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// forgetIndex makes a stopped desk reindex everything at its next start, as after an
// update with new indexing rules.
func (s *site) forgetIndex(ctx context.Context) error {
	db, err := sqlitedb.OpenWriter(s.database())
	if err != nil {
		return err
	}
	for _, statement := range []string{`UPDATE index_rules SET version = 0`, `INSERT INTO meetings_fts (meetings_fts) VALUES ('delete-all')`} {
		if _, failed := db.ExecContext(ctx, statement); failed != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", statement, failed))
		}
	}
	return errors.Join(err, db.Close())
}

func (r *round) checkDatabase(ctx context.Context) error {
	path, err := r.site.copyDatabase()
	if err != nil {
		return err
	}
	return r.checkFile(ctx, path)
}

// checkFile checks that the database is consistent, matches its full-text index and
// contains everything that pages showed as saved.
func (s *series) checkFile(ctx context.Context, path string) error {
	db, err := sqlitedb.OpenWriter(path)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, q := range []string{
		`PRAGMA integrity_check`,
		`SELECT 'a row of ' || "table" || ' refers to no row of ' || parent FROM pragma_foreign_key_check`,
		`SELECT 'two attempts have the form ' || form_id FROM attempts WHERE form_id IS NOT NULL GROUP BY form_id HAVING count(*) > 1`,
	} {
		err := each(ctx, db, q, func(scan func(...any) error) error {
			var text string
			if err := scan(&text); err != nil {
				return err
			}
			if text != "ok" {
				s.report(broken, "%s", text)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := s.checkIndex(ctx, db); err != nil {
		return err
	}
	lists, err := listing.Open(path, time.Now, new(atomic.Int64))
	if err != nil {
		return err
	}
	defer lists.Close()
	if err := s.checkSearch(ctx, db, lists); err != nil {
		return err
	}
	return s.checkTold(ctx, db)
}

// checkSearch reports meetings that a search for their external ID or for the last word of
// their subject does not find.
func (s *series) checkSearch(ctx context.Context, db *sql.DB, lists *listing.Lists) error {
	rows, err := readRows(ctx, db)
	if err != nil {
		return err
	}
	for id, r := range rows {
		title := r.values[subject]
		for _, c := range []listing.Criteria{{UserID: r.organizerID, Text: title[strings.LastIndex(title, " ")+1:]}, {Everyone: true, Text: r.slot.externalID}} {
			if c.Text == "" {
				continue // an adopted meeting need not have an external ID
			}
			c.Limit = 100
			found, err := lists.History(ctx, c)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(found.Rows, func(m meeting.Listed) bool { return m.ID == id }) {
				s.report(lost, "a search for %q does not find meeting %d", c.Text, id)
			}
		}
	}
	return nil
}

// checkIndex builds a new full-text index from the tables, according to the desk's own
// rules, and compares its terms with those of the existing index.
func (s *series) checkIndex(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range []string{
		`INSERT INTO meetings_fts (meetings_fts) VALUES ('integrity-check')`,
		`CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, meetings_fts, instance)`,
		`CREATE TEMP TABLE have AS SELECT doc, col, "offset", term FROM temp.terms`,
		`INSERT INTO meetings_fts (meetings_fts) VALUES ('delete-all')`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("full-text index: %s: %w", statement, err)
		}
	}
	if _, err := listing.SQLiteIndex().UpdateChunk(ctx, tx, 0, math.MaxInt64, math.MaxInt32); err != nil {
		return err
	}
	const q = `SELECT 'the index ' || what || ' "' || term || '" in ' || col || ' of meeting ' || doc FROM (
		SELECT 'lacks' AS what, * FROM (SELECT doc, col, "offset", term FROM temp.terms EXCEPT SELECT * FROM temp.have)
		UNION ALL SELECT 'still has', * FROM (SELECT * FROM temp.have EXCEPT SELECT doc, col, "offset", term FROM temp.terms)) LIMIT 5`
	rows, err := tx.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		s.report(broken, "%s", text)
	}
	return rows.Err()
}
