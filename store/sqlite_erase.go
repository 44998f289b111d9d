package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A row of the filler table takes up at most fillerPages free pages of 4096 bytes. The row
// must fill its last page exactly, because SQLite does not overwrite the unused end of a
// page. The row's first fillerFirst bytes are in a page of the table itself, and each
// overflow page contains fillerPage further bytes.
const (
	fillerPages = 64
	fillerFirst = 484
	fillerPage  = 4092
)

// fillFreePages overwrites some free pages, which may contain deleted data. done is true if
// there were no free pages.
func (e *sqliteEngine) fillFreePages(ctx context.Context, tx *sql.Tx) (done bool, err error) {
	var free int
	if err := tx.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&free); err != nil || free == 0 {
		return true, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO filler (zeros) VALUES (zeroblob($1))`, fillerFirst+fillerPage*min(fillerPages, free))
	return false, err
}

// emptyFiller frees some of the pages that fillFreePages has filled with zeros. done is
// true if the filler table is empty.
func (e *sqliteEngine) emptyFiller(ctx context.Context, tx *sql.Tx) (done bool, err error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM filler WHERE id IN (SELECT id FROM filler LIMIT 16)`)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 0, err
}

// forgetDeleted checkpoints and truncates the write-ahead log. It returns an error if
// readers prevent that for several seconds.
func (e *sqliteEngine) forgetDeleted(ctx context.Context) error {
	var busy, pages, written int
	for range 5 {
		if err := e.writer.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &written); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("the write-ahead log could not be emptied, because somebody is reading from it; it still has what was erased until it is written over")
}
