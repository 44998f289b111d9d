package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// isCopied reports whether the database file may have been copied into the data directory.
// That is the case if the file has changed since the last normal stop and there is no
// write-ahead log. A desk that was killed would have left a log.
func (e *sqliteEngine) isCopied() bool {
	_, err := os.Stat(e.path + "-wal")
	return errors.Is(err, fs.ErrNotExist) && !e.lock.isMarked(e.path)
}

// warnOfCopy logs the time of a copied database's newest record. SQLite cannot detect that
// newer records are missing, because they were only in the write-ahead log.
func (s *Store) warnOfCopy(ctx context.Context) error {
	const q = `SELECT max(coalesce((SELECT created_at FROM attempts ORDER BY id DESC LIMIT 1), 0), coalesce((SELECT at FROM audit ORDER BY id DESC LIMIT 1), 0))`
	var newest int64
	if err := s.read.QueryRowContext(ctx, q).Scan(&newest); err != nil {
		return err
	}
	if newest != 0 {
		s.log.WarnContext(ctx, "the database was copied here or changed while no desk was using it; if it is a copy of meetdesk.db without meetdesk.db-wal, newer records are missing",
			"newest", time.UnixMilli(newest).UTC())
	}
	return nil
}
