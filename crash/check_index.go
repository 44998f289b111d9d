package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
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

// openToRead opens the database of the running desks. It opens SQLite databases read-only.
func (s *site) openToRead() (*sql.DB, error) {
	if s.cluster != nil {
		return s.cluster.open("meetdesk")
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: s.database()}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(5000)")
}

// copyDatabase copies a stopped desk's database and its write-ahead log, and returns the
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

// forgetIndex makes a stopped desk reindex everything when it starts again, as it would
// after an update that changed the indexing rules.
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

// checkSearch reports meetings that cannot be found by searching for their external ID or
// for the last word of their subject.
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

// checkIndex compares the full-text index with the tables, as meetdesk verify does.
func (s *series) checkIndex(ctx context.Context, db *sql.DB) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	differences, n, err := listing.CheckIndex(ctx, c)
	if err != nil {
		return err
	}
	for _, text := range differences {
		s.report(broken, "%s", text)
	}
	var meetings int
	if err := c.QueryRowContext(ctx, `SELECT count(*) FROM meetings`).Scan(&meetings); err != nil {
		return err
	}
	if n.Meetings != meetings {
		s.report(broken, "the full-text index has been compared for %d of %d meetings", n.Meetings, meetings)
	}
	return nil
}
