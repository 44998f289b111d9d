package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// mergePages is about how many pages of the full-text index one transaction merges:
// as many as FTS5 does by itself. A word that stands in every meeting is merged in
// one piece, which takes a quarter of a second with a million of them.
const mergePages = 64

// KeepIndex merges the full-text index whenever nothing was recorded for so long,
// until the context ends. Each meeting that is recorded adds a part to the index and
// a search goes through all of them; of what FTS5 merges while it records, some
// dozens remain. As soon as somebody records something, the rest waits for the next
// such time. failed is told of what went wrong, and it goes on.
func (s *Store) KeepIndex(ctx context.Context, quiet time.Duration, failed func(error)) {
	for merged := int64(-1); ; { // as many changes as there were when nothing was left to merge
		before := s.changes.Load()
		select {
		case <-time.After(quiet):
		case <-ctx.Done():
			return
		}
		done, err := before == merged, error(nil)
		for !done && err == nil && s.changes.Load() == before {
			done, err = s.mergeSome(ctx, mergePages)
		}
		if done {
			merged = before
		} else if err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

// mergeSome merges so many pages, and reports whether there was nothing left to
// merge: SQLite counts fewer than two changes then.
func (s *Store) mergeSome(ctx context.Context, pages int) (done bool, err error) {
	const changes = `SELECT total_changes()`
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		var before, after int64
		if err := tx.QueryRowContext(ctx, changes).Scan(&before); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('merge', $1)`, pages); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, changes).Scan(&after)
		done = after-before < 2
		return err
	})
	if err != nil {
		return false, fmt.Errorf("merge the index: %w", err)
	}
	return done, nil
}
