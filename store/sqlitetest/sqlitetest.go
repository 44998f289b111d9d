// Package sqlitetest provides SQLite helpers for tests.
package sqlitetest

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// NewStatements runs the callback and returns the statements that the pool had not run
// before. It limits the pool to one connection.
func NewStatements(t *testing.T, db *sql.DB, do func() error) []string {
	t.Helper()
	db.SetMaxOpenConns(1)
	before := make(map[string]bool)
	for _, statement := range statements(t, db) {
		before[statement] = true
	}
	if err := do(); err != nil {
		t.Fatal(err)
	}
	added := slices.DeleteFunc(statements(t, db), func(statement string) bool { return before[statement] })
	slices.Sort(added)
	return added
}

// PagesRead runs the callback and returns how many pages of the database file the pool read
// during that time, whether from SQLite's cache or from the disk. The number does not
// depend on the machine or its load. PagesRead limits the pool to one connection.
func PagesRead(t *testing.T, db *sql.DB, do func() error) (pages int) {
	t.Helper()
	db.SetMaxOpenConns(1)
	before := pagesRead(t, db)
	if err := do(); err != nil {
		t.Fatal(err)
	}
	return pagesRead(t, db) - before
}

func pagesRead(t *testing.T, db *sql.DB) (pages int) {
	t.Helper()
	raw(t, db, func(c any) error {
		for _, op := range []sqlite.DBStatusOp{sqlite.DBStatusCacheHit, sqlite.DBStatusCacheMiss} {
			n, _, err := c.(sqlite.DBStatus).Status(op, false)
			if err != nil {
				return err
			}
			pages += n
		}
		return nil
	})
	return pages
}

func raw(t *testing.T, db *sql.DB, do func(c any) error) {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Raw(do); err != nil {
		t.Fatal(err)
	}
}

func statements(t *testing.T, db *sql.DB) (list []string) {
	t.Helper()
	raw(t, db, func(c any) error {
		list = c.(interface{ Statements() []string }).Statements()
		return nil
	})
	return list
}

// Plan returns the steps of SQLite's query plan for the statement.
func Plan(t *testing.T, db *sql.DB, statement string) (steps []string) {
	t.Helper()
	var values []any
	for n := 1; strings.Contains(statement, fmt.Sprintf("$%d", n)); n++ {
		values = append(values, 1)
	}
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+statement, values...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			id, parent, unused int
			step               string
		)
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
