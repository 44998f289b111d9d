// Package enginetest prepares databases for tests: on PostgreSQL if the environment
// variable DATABASE is "postgres", and on SQLite otherwise.
package enginetest

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// addresses maps each data directory to the address of its database.
var addresses sync.Map

// Prepare creates an empty database with the newest schema for a store with the given data
// directory, unless the database already exists. It returns the database's address, or ""
// for SQLite.
func Prepare(t testing.TB, dir string) (address string) {
	t.Helper()
	if !postgrestest.Wanted() {
		sqlitetest.WriteEmpty(t, filepath.Join(dir, sqlitedb.FileName))
		return ""
	}
	if known, ok := addresses.Load(dir); ok {
		return known.(string)
	}
	if given, address, ok := strings.Cut(os.Getenv(parentsDatabase), " "); ok && given == dir {
		return address
	}
	address = postgrestest.New(t)
	addresses.Store(dir, address)
	return address
}

// parentsDatabase is the environment variable that passes a data directory and the address
// of its database to a child process.
const parentsDatabase = "MEETDESK_TEST_DATABASE"

// Variable returns the environment variable, in the form "name=value", that makes Prepare
// return the same address in a child process.
func Variable(t testing.TB, dir string) string {
	t.Helper()
	return parentsDatabase + "=" + dir + " " + Prepare(t, dir)
}

// Connect opens a pool of connections to the directory's database, independent of the
// store's. The pool is closed when the test ends.
func Connect(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := connect(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func connect(t testing.TB, dir string) (*sql.DB, error) {
	if !postgrestest.Wanted() {
		// SQLite takes the path literally, even if it contains # or %, because the name does
		// not begin with "file:".
		return sql.Open("sqlite", filepath.Join(dir, sqlitedb.FileName)+"?_pragma=busy_timeout(5000)")
	}
	address, err := postgresdb.Parse(Prepare(t, dir))
	if err != nil {
		return nil, err
	}
	return address.OpenAside(), nil
}

// SQLiteOnly skips the test on PostgreSQL and logs the given reason.
func SQLiteOnly(t testing.TB, why string) {
	t.Helper()
	if postgrestest.Wanted() {
		t.Skip("only with SQLite: " + why)
	}
}

// Stored returns the text as the engine stores it.
func Stored(text string) string {
	if postgrestest.Wanted() {
		return postgresdb.Clean(text)
	}
	return text
}
