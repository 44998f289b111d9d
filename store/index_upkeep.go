package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// mergePages is the number of index pages that one transaction merges. FTS5's own
// automatic merges are about as large. The pages of a word that occurs in every meeting
// cannot be merged in parts. With a million meetings, merging them takes a quarter of a
// second.
const mergePages = 64

// KeepIndex reindexes the meetings that are queued for it. It also merges the segments of
// the full-text index whenever no list has changed for the duration quiet. Each recorded
// meeting adds a segment, and a search has to read all segments. FTS5 merges some of them
// on each write, but leaves dozens. If a list changes during a merge, KeepIndex stops
// merging and waits for the next quiet period. It passes each error to failed and then
// tries again. It runs until the context ends.
func (s *Store) KeepIndex(ctx context.Context, quiet time.Duration, failed func(error)) {
	for merged := int64(-1); ; { // the value of s.changes when there was nothing left to merge
		if err := s.indexQueued(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		before := s.changes.Load()
		select {
		case <-time.After(quiet):
		case <-ctx.Done():
			return
		}
		done, err := before == merged, error(nil)
		for !done && err == nil && s.changes.Load() == before {
			done, err = s.mergeIndex(ctx)
		}
		if done {
			merged = before
		} else if err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

// mergeIndex merges some pages of the index. done is true if nothing is left to merge.
func (s *Store) mergeIndex(ctx context.Context) (done bool, err error) {
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		done, err = s.index.Merge(ctx, tx, mergePages)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("merge the index: %w", err)
	}
	return done, nil
}
