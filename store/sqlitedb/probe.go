package sqlitedb

import (
	"context"
	"database/sql"
	"fmt"
	"syscall"

	"meetdesk/migrations"
)

// Probe writes one page to the disk without changing any data. It returns the same error as
// any other write would.
func Probe(ctx context.Context, writer *sql.DB) error {
	_, err := writer.ExecContext(ctx, `PRAGMA user_version = 0`)
	return err
}

// CheckSchema returns an error unless the database still has this program's schema. Another
// program may have upgraded or replaced the database.
func CheckSchema(ctx context.Context, db *sql.DB) error {
	var schema int
	if err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&schema); err != nil {
		return err
	}
	if latest := migrations.Latest(); schema != latest {
		return fmt.Errorf("the database has schema %d, and this program needs %d", schema, latest)
	}
	return nil
}

// FreeDisk returns the number of bytes available to this process on the disk that contains
// the directory.
func FreeDisk(folder string) (int64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, fmt.Errorf("free disk space: %w", err)
	}
	return int64(stat.Bavail) * stat.Bsize, nil
}
