// Package sqlitedb opens, copies, upgrades and checks the desk's SQLite database. Package
// store contains the queries for the desk's records.
//
// The database is in WAL mode with synchronous=FULL, so every committed transaction is on
// disk.
package sqlitedb

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// FileName is the name of the database file in the data directory.
const FileName = "meetdesk.db"

// Create creates the database file if it does not exist. Only its owner can read the new
// file, regardless of the umask.
func Create(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

// Remove removes the database file, its write-ahead log and the log's index, if they exist.
func Remove(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// OpenWriter returns a pool with a single connection, which must be used for all writes.
// Its transactions acquire the write lock when they begin, so they cannot fail later
// because the database is locked. Within a transaction, the end of a context does not
// interrupt a statement, because SQLite would then roll back the whole transaction.
func OpenWriter(path string) (*sql.DB, error) {
	db, err := openPrepared(dsn(path, "_txlock=immediate"), true)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// OpenReader returns a pool of read-only connections. A query ends when its context ends,
// even while it waits for a connection.
func OpenReader(path string) (*sql.DB, error) {
	db, err := openPrepared(dsn(path, "_pragma=query_only(1)"), false)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(max(3, runtime.NumCPU()))
	db.SetMaxIdleConns(max(3, runtime.NumCPU()))
	return db, nil
}

// dsn returns the data source name for the file. It includes the pragmas, because every
// connection of a pool needs them. The driver runs busy_timeout first, because the other
// pragmas may have to wait for a lock. A pragma must not occur twice.
func dsn(path string, more ...string) string {
	settings := []string{
		"_pragma=busy_timeout(5000)",
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_pragma=temp_store(MEMORY)",
		"_pragma=cache_size(-4000)",   // in KiB; SQLite uses twice as much, because modernc.org/memory rounds pages up to 8 KiB
		"_pragma=secure_delete(FAST)", // overwrites deleted content, but not freed pages
	}
	return fileName(path) + "?" + strings.Join(append(settings, more...), "&")
}

// fileName returns the path as an SQLite URI without parameters.
func fileName(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }
