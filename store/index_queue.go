package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"meetdesk/search"
	"meetdesk/store/sqlitedb"
)

// indexChunk is the number of meetings that one transaction reindexes. The transaction
// blocks other writers for about 30 ms.
const indexChunk = 50

// everybody is the organizer ID that denotes all organizers in the index_queue table.
const everybody = 0

// indexRenamed reindexes the newest meetings of a renamed organizer. It queues the others
// so that the sign-in does not block other writers for long.
func (s *Store) indexRenamed(ctx context.Context, tx *sql.Tx, userID int64) error {
	left, err := s.index.UpdateChunk(ctx, tx, userID, math.MaxInt64, indexChunk)
	if err != nil || left == 0 {
		return err
	}
	return queueIndex(ctx, tx, userID, left)
}

// queueIndex queues the organizer's meetings whose IDs are lower than the given ID.
func queueIndex(ctx context.Context, tx *sql.Tx, organizerID, before int64) error {
	const q = `INSERT INTO index_queue (organizer_id, before_id) VALUES ($1, $2)
		ON CONFLICT (organizer_id) DO UPDATE SET before_id = excluded.before_id`
	_, err := tx.ExecContext(ctx, q, organizerID, before)
	return err
}

// queueForNewRules queues all meetings if the index was written with a different version of
// the indexing rules.
func (s *Store) queueForNewRules(ctx context.Context) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		var (
			version     int
			hasMeetings bool
		)
		const q = `SELECT version, EXISTS (SELECT 1 FROM meetings) FROM index_rules`
		if err := tx.QueryRowContext(ctx, q).Scan(&version, &hasMeetings); err != nil || version == search.IndexVersion {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE index_rules SET version = $1`, search.IndexVersion); err != nil || !hasMeetings {
			return err
		}
		return queueIndex(ctx, tx, everybody, math.MaxInt64)
	})
	if err != nil {
		return fmt.Errorf("version of the index: %w", err)
	}
	return nil
}

// indexQueued reindexes all queued meetings. After each chunk, it pauses for as long as the
// chunk took, so that other transactions can write. If the process stops, the next process
// continues with the remaining chunks.
func (s *Store) indexQueued(ctx context.Context) error {
	var first int64 // the highest ID below which meetings were still queued, used as the total in progress reports
	started, next := time.Now(), time.Now().Add(sqlitedb.ProgressInterval)
	for ctx.Err() == nil {
		begun := time.Now()
		left, done, err := s.indexNextChunk(ctx)
		if err != nil || done {
			return err
		}
		if first = max(first, left); begun.After(next) {
			next = begun.Add(sqlitedb.ProgressInterval)
			sqlitedb.Progress{Step: "full-text index", Done: first - left, All: first, Elapsed: begun.Sub(started)}.Report(s.log, nil)
		}
		select {
		case <-time.After(time.Since(begun)):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// indexNextChunk reindexes the next queued meetings of one organizer, in descending order
// of ID. done is true if the queue was empty. left is the ID below which the organizer's
// meetings remain queued, or 0 if none remain.
func (s *Store) indexNextChunk(ctx context.Context) (left int64, done bool, err error) {
	var queued bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM index_queue)`).Scan(&queued); err != nil || !queued {
		return 0, true, err
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		var organizer, before int64
		err := tx.QueryRowContext(ctx, `SELECT organizer_id, before_id FROM index_queue ORDER BY organizer_id LIMIT 1`).Scan(&organizer, &before)
		if done = errors.Is(err, sql.ErrNoRows); done { // another desk has indexed the rest
			return nil
		}
		if err != nil {
			return err
		}
		left, err = s.index.UpdateChunk(ctx, tx, organizer, before, indexChunk)
		if err != nil {
			return err
		}
		if left > 0 {
			return queueIndex(ctx, tx, organizer, left)
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM index_queue WHERE organizer_id = $1`, organizer)
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("reindex: %w", err)
	}
	return left, done, nil
}
