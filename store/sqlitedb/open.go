// Package sqlitedb opens the desk's SQLite database: its file, schema, settings and
// connections. Nothing in it knows what the tables mean.
//
// The database is in WAL mode with synchronous=FULL, so a committed transaction is on
// the disk.
package sqlitedb

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// Create makes the database file if there is none. Nobody else may read it, whatever
// the umask.
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

// OpenWriter returns the one connection that writes. Its transactions hold the write
// lock from their start, so they never fail halfway because somebody else has it.
func OpenWriter(path string) (*sql.DB, error) {
	db, err := openPrepared(dsn(path, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// OpenReader returns a pool of connections that cannot write.
func OpenReader(path string) (Reader, error) {
	db, err := openPrepared(dsn(path, "_pragma=query_only(1)"))
	if err != nil {
		return Reader{}, err
	}
	db.SetMaxOpenConns(max(3, runtime.NumCPU()))
	db.SetMaxIdleConns(max(3, runtime.NumCPU()))
	return Reader{db}, nil
}

// dsn returns the data source name of the file. Pragmas belong to a connection, so a
// pool must carry them in its name.
func dsn(path string, more ...string) string {
	settings := []string{
		"_pragma=busy_timeout(5000)", // first, because the others may have to wait
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_pragma=temp_store(MEMORY)",
		"_pragma=cache_size(-8000)", // KiB
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(append(settings, more...), "&")
}
