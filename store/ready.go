package store

import (
	"context"
	"time"
)

// MinFree is the free disk space, in bytes, that a desk with SQLite needs to be ready.
// Creating a meeting adds about 0.1 MB to the write-ahead log.
const MinFree = 64 << 20

// CheckWritable returns an error if the store cannot write to the database. It writes a
// page and waits for the disk.
func (s *Store) CheckWritable(ctx context.Context) error { return s.engine.checkWritable(ctx) }

// CheckSchema returns an error if this program cannot use the database's schema.
func (s *Store) CheckSchema(ctx context.Context) error { return s.engine.checkSchema(ctx, s.read) }

// CheckPages returns a *sqlitedb.DamagedError if SQLite's database is damaged. It stops
// reading after the time limit; complete reports whether it has read the whole database.
func (s *Store) CheckPages(ctx context.Context, limit time.Duration) (complete bool, err error) {
	return s.engine.checkPages(ctx, s.read, limit)
}

// CheckDisk returns an error if SQLite's disk is almost full. It returns nil for
// PostgreSQL, because the desk has no access to the server's disk.
func (s *Store) CheckDisk(context.Context) error { return s.engine.checkDisk() }
