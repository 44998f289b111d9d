package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// mergePages is the number of index pages that one transaction merges, about as many as
// FTS5 merges automatically. Merging a word that occurs in a million meetings takes a
// quarter of a second.
const mergePages = 64

// KeepIndex reindexes queued meetings until the context ends. Once no list of meetings
// has changed for the given time, it also merges segments of the index until a list
// changes. Each meeting adds a segment. FTS5 leaves dozens of segments unmerged, and every
// search reads all of them. KeepIndex passes each error to the callback and then tries
// again.
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
