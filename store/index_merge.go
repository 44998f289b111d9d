package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const (
	mergePages = 64 // of the index, in one transaction: as many as FTS5 merges at a time by itself
	mergeRest  = 4  // a pause is so many times as long as what came before it took
)

// MergeIndex merges parts of the full-text index that are about as large as each
// other. Each meeting that is recorded adds a part and a search goes through all of
// them; what FTS5 merges while it records leaves some dozens. It is done in short
// transactions with long pauses between them, so that nobody who records waits for
// more than some milliseconds.
func (s *Store) MergeIndex(ctx context.Context) error {
	for {
		begun := time.Now()
		if done, err := s.mergeSome(ctx, mergePages); done || err != nil {
			return err
		}
		select {
		case <-time.After(mergeRest * time.Since(begun)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// MergeWholeIndex makes one part of the full-text index, without pauses. It is due
// after RecordAll: FTS5 takes the large parts that it adds for small ones, of which
// it merges sixteen at a time while whoever records the next meeting waits.
func (s *Store) MergeWholeIndex(ctx context.Context) error {
	for pages := -mergePages; ; pages = mergePages { // the minus takes all parts together
		if done, err := s.mergeSome(ctx, pages); done || err != nil {
			return err
		}
	}
}

// mergeSome merges so many pages, and reports whether there was nothing left to
// merge: SQLite counts fewer than two changes then.
func (s *Store) mergeSome(ctx context.Context, pages int) (done bool, err error) {
	const changes = `SELECT total_changes()`
	err = s.transactApart(ctx, func(tx *sql.Tx) error {
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
