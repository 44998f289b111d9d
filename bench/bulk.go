package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// recorded is a meeting to be added to the database, with its first attempt and the
// result of that attempt.
type recorded struct {
	store.Intention // MeetingID and BaseReply are not used
	// AttemptID is not used. The reply's Graph ID must not be in the database yet.
	store.Result

	BegunAt    time.Time
	EndedAt    time.Time
	HandedOver []meeting.User // colleagues to whom the meeting was handed over at EndedAt
	Later      meeting.State  // Removed or Replaced if the meeting no longer exists, otherwise ""
}

// bulk writes the same rows as store.Begin, store.Finish and store.HandOver, but in large
// transactions. A store must be opened first, because opening it registers SQL functions.
type bulk struct{ *sql.DB }

// bulkCache is the size of the page cache in KiB. With a smaller cache, SQLite would read
// and write a page for every row.
const bulkCache = 2 << 20

func openBulk(path string) (bulk, error) {
	db, err := openDatabase(path, "_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)",
		fmt.Sprintf("_pragma=cache_size(-%d)", bulkCache), "_txlock=immediate")
	if err != nil {
		return bulk{}, err
	}
	db.SetMaxOpenConns(1)
	return bulk{db}, nil
}

// record writes the meetings in one transaction, because large transactions are the
// fastest. The meetings must be ordered by BegunAt, because lists assume that a meeting
// with a higher ID is newer. Call mergeIndex once all meetings have been recorded.
func (b bulk) record(ctx context.Context, list []recorded) error {
	uncut := context.WithoutCancel(ctx) // the driver starts a goroutine for every statement that can be cancelled
	tx, err := b.BeginTx(uncut, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // no effect after Commit
	w := writer{ctx: uncut, tx: tx, statements: make(map[string]*sql.Stmt), packer: new(store.ReplyPacker)}
	var first, last int64
	for i, r := range list {
		id, err := w.record(r)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return fmt.Errorf("record meeting %d of %d: %w", i+1, len(list), err)
		}
		if last = id; first == 0 {
			first = id
		}
	}
	if _, err := tx.ExecContext(uncut, indexNew, first, last); err != nil {
		return fmt.Errorf("index %d meetings: %w", len(list), err)
	}
	return tx.Commit()
}

// indexNew adds meetings to the full-text index. Unlike the store's statement, it does
// not look for rows to replace, which would double the time.
const indexNew = `INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
	SELECT m.id, search_fold(coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '')), search_words(m.subject), search_words(u.name || ' ' || u.upn),
		search_words(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
		coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)
	FROM meetings m JOIN users u ON u.id = m.organizer_id WHERE m.id BETWEEN $1 AND $2`

// mergeIndex merges the full-text index into one segment. Otherwise, a create might have
// to wait for a long merge.
func (b bulk) mergeIndex(ctx context.Context) error {
	const changes = `SELECT total_changes()`
	for pages := -64; ; pages = 64 { // a negative number merges all segments
		var before, after int64
		err := b.QueryRowContext(ctx, changes).Scan(&before)
		if err == nil {
			_, err = b.ExecContext(ctx, `INSERT INTO meetings_fts (meetings_fts, rank) VALUES ('merge', $1)`, pages)
		}
		if err == nil {
			err = b.QueryRowContext(ctx, changes).Scan(&after)
		}
		if err != nil || after-before < 2 { // fewer than two changes means that there was nothing to merge
			return err
		}
	}
}
