package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"meetdesk/store/sqlitedb"
)

// maxShared is the maximum number of transactions that share one commit.
const maxShared = 32

// sqliteWriter runs transactions on the store's only write connection. Transactions that
// wait for the connection at the same time share one commit. This is faster because each
// commit waits for the disk and because a page that several transactions change is written
// only once. The transactions run one after another in one SQLite transaction, all but the
// first with their own savepoints. Each sees the changes of the earlier ones, and an error
// undoes only the changes of the transaction that fails. The last one commits. If no other
// transaction is waiting, a transaction commits immediately.
//
// No transaction is reported as successful before the commit. If the commit fails, so do
// all transactions that share it. If another process locks the database for too long, the
// transaction that waits for the lock fails, and so do all others that have waited at least
// as long. Otherwise, they would wait for the lock one after another.
type sqliteWriter struct {
	db *sql.DB

	mu      sync.Mutex
	busy    bool           // whether a transaction has the turn
	waiting []sqliteWaiter // in order of arrival
}

type sqliteWaiter struct {
	turn  chan *sqliteTurn // buffered, so that sending never blocks
	since time.Time
}

// sqliteTurn is the right to use the connection. It is passed from one transaction to the
// next, together with the SQLite transaction.
type sqliteTurn struct {
	tx    *sql.Tx // nil if there is nothing to commit
	runs  int
	ended chan struct{} // closed after the commit
	err   error         // why nothing was committed; owned by the running transaction until the ended channel is closed

	lockedSince time.Time // when the wait for SQLite's lock began, if it timed out; otherwise zero
}

// transact runs the callback in a transaction. If the context ends before the callback
// returns, the transaction is rolled back.
func (w *sqliteWriter) transact(ctx context.Context, do func(*sql.Tx) error) error {
	turn, err := w.wait(ctx)
	if err != nil {
		return err
	}
	if turn.hasEnded() {
		return turn.err
	}
	func() {
		defer w.leave(turn) // even if the callback panics
		err = turn.run(ctx, w.db, do)
	}()
	<-turn.ended
	// The turn's error replaces the callback's error, which may have been caused by
	// changes of an earlier transaction that have now been undone.
	if turn.err != nil {
		return turn.err
	}
	return err
}

// ExecContext runs one statement in a transaction.
func (w *sqliteWriter) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	err = w.transact(ctx, func(tx *sql.Tx) (err error) {
		result, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	return result, err
}

// wait waits for the transaction's turn or for the end of the context. If the returned turn
// has already ended, the transaction must fail with the turn's error.
func (w *sqliteWriter) wait(ctx context.Context) (*sqliteTurn, error) {
	mine := make(chan *sqliteTurn, 1)
	w.mu.Lock()
	w.waiting = append(w.waiting, sqliteWaiter{mine, time.Now()})
	if !w.busy {
		w.busy = w.next(newTurn())
	}
	w.mu.Unlock()
	select {
	case turn := <-mine:
		return turn, nil
	case <-ctx.Done():
	}
	w.mu.Lock()
	i := slices.IndexFunc(w.waiting, func(o sqliteWaiter) bool { return o.turn == mine })
	if i >= 0 {
		w.waiting = slices.Delete(w.waiting, i, i+1)
	}
	w.mu.Unlock()
	if i < 0 { // the transaction received the turn before it could leave the queue
		if turn := <-mine; !turn.hasEnded() {
			w.leave(turn)
		}
	}
	return nil, ctx.Err()
}

// next gives the turn to the transaction that has waited longest, and reports whether any
// transaction was waiting. The caller must hold w.mu.
func (w *sqliteWriter) next(turn *sqliteTurn) bool {
	if len(w.waiting) == 0 {
		return false
	}
	w.waiting[0].turn <- turn
	w.waiting = slices.Delete(w.waiting, 0, 1)
	return true
}

// leave passes the turn to the next transaction. If no transaction is waiting, if maxShared
// transactions have run, or if the turn has failed, leave ends the turn instead. The next
// transaction, if any, then gets a new turn.
func (w *sqliteWriter) leave(turn *sqliteTurn) {
	w.mu.Lock()
	passed := turn.err == nil && turn.runs < maxShared && w.next(turn)
	w.mu.Unlock()
	if passed {
		return
	}
	turn.end()
	w.mu.Lock()
	for len(w.waiting) > 0 && w.waiting[0].since.Before(turn.lockedSince) {
		w.next(turn) // that transaction fails as well, because it has waited at least as long
	}
	w.busy = w.next(newTurn())
	w.mu.Unlock()
}

func newTurn() *sqliteTurn { return &sqliteTurn{ended: make(chan struct{})} }

func (t *sqliteTurn) hasEnded() bool {
	select {
	case <-t.ended:
		return true
	default:
		return false
	}
}

// run calls the callback. If the callback fails or panics, or if the context ends before it
// returns, run undoes the changes.
func (t *sqliteTurn) run(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) (err error) {
	t.runs++
	shared := t.tx != nil
	if shared {
		_, err = t.tx.ExecContext(ctx, `SAVEPOINT shared`)
	} else {
		started := time.Now()
		t.tx, err = begin(ctx, db)
		if sqlitedb.IsLocked(err) {
			t.err, t.lockedSince = err, started
		}
	}
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			t.undo(shared, err)
		}
	}()
	if err := do(t.tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if shared {
		if _, err := t.tx.ExecContext(ctx, `RELEASE shared`); err != nil {
			return err
		}
	}
	done = true
	return nil
}

// undo undoes the changes of a transaction that failed with the given error. Some errors,
// such as a full disk, make SQLite roll back the other transactions as well. The savepoint
// then no longer exists, and nothing can be committed.
func (t *sqliteTurn) undo(shared bool, failed error) {
	if shared {
		_, err := t.tx.Exec(`ROLLBACK TO shared`)
		if err == nil {
			_, err = t.tx.Exec(`RELEASE shared`)
		}
		if err == nil {
			return
		}
		t.err = fmt.Errorf("undone with another transaction: %w", cmp.Or(failed, err))
	}
	_ = t.tx.Rollback() // if it fails, SQLite has already undone everything
	t.tx = nil
}

func (t *sqliteTurn) end() {
	if t.tx != nil {
		t.err = t.tx.Commit()
	}
	close(t.ended)
}

// begin begins an SQLite transaction. If the context ends while begin waits for the
// connection or for SQLite's lock, begin returns the context's error. Afterwards, the
// transaction does not depend on the context, because other transactions share it.
func begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	waiting, stop := context.WithCancel(context.WithoutCancel(ctx))
	detach := context.AfterFunc(ctx, stop)
	tx, err := db.BeginTx(waiting, nil)
	if detach() {
		return tx, err
	}
	if err == nil {
		_ = tx.Rollback() // fails if database/sql has already rolled it back because the context ended
	}
	return nil, ctx.Err()
}
