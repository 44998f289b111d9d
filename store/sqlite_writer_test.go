package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitedb"
)

// crowd is a group of transactions that are ready at the same time.
type crowd struct {
	*testing.T
	*Store
	cancel   []context.CancelFunc // cancels each transaction's context
	returned []error              // the error that each transaction returned, or errWaiting before it returns
}

type crowdTx func(ctx context.Context, c *crowd, tx *sql.Tx) error

var (
	errWaiting = errors.New("has not returned")
	errOwn     = errors.New("fails by itself")
)

// runAtOnce runs the transactions in a new store. All the others are waiting when the first
// one runs.
func runAtOnce(t *testing.T, transactions ...crowdTx) (c *crowd) {
	t.Helper()
	enginetest.SQLiteOnly(t, "PostgreSQL's server lets transactions share a commit")
	c = &crowd{T: t, Store: openNew(t), returned: slices.Repeat([]error{errWaiting}, len(transactions))}
	ready := make(chan struct{})
	var all sync.WaitGroup
	for i, do := range transactions {
		ctx, cancel := context.WithCancel(t.Context())
		c.cancel = append(c.cancel, cancel)
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					c.returned[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			c.returned[i] = c.transact(ctx, func(tx *sql.Tx) error {
				<-ready
				return do(ctx, c, tx)
			})
		})
		synctest.Wait() // so that they run in this order
	}
	close(ready)
	all.Wait()
	return c
}

func insert(id int) crowdTx { return insertBytes(id, 1) }

func insertBytes(id, size int) crowdTx {
	return func(ctx context.Context, _ *crowd, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO meetings_fts (rowid, subject) VALUES ($1, 'Printer')`, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO filler (id, zeros) VALUES ($1, zeroblob($2))`, id, size)
		return err
	}
}

const (
	inTable = `SELECT coalesce(group_concat(id, ' '), '') FROM (SELECT id FROM filler ORDER BY id)`
	inIndex = `SELECT coalesce(group_concat(rowid, ' '), '') FROM (SELECT rowid FROM meetings_fts WHERE meetings_fts MATCH 'printer' ORDER BY rowid)`
)

// wantStored checks which rows another connection sees.
func (c *crowd) wantStored(when, want string) {
	c.Helper()
	for _, q := range []string{inTable, inIndex} {
		var got string
		if err := c.read.QueryRow(q).Scan(&got); err != nil || got != want {
			c.Errorf("%s, the rows are %q, %v; want %q:\n%s", when, got, err, want, q)
		}
	}
}

// Waiting transactions share a commit, and no transaction returns before the commit. Each
// transaction sees the changes of the earlier ones.
func TestWaitingTransactionsShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t, insert(1), insert(2), func(ctx context.Context, c *crowd, tx *sql.Tx) error {
			var seen string
			if err := tx.QueryRow(inTable).Scan(&seen); err != nil || seen != "1 2" {
				c.Errorf("the last transaction sees %q, %v", seen, err)
			}
			synctest.Wait() // every transaction that can return has now returned
			c.wantStored("before the last transaction has run", "")
			for i, err := range c.returned {
				if !errors.Is(err, errWaiting) {
					c.Errorf("transaction %d returned %v before the commit", i, err)
				}
			}
			return insert(3)(ctx, c, tx)
		})
		if err := errors.Join(c.returned...); err != nil {
			t.Error(err)
		}
		c.wantStored("at the end", "1 2 3")
	})
}

// The audit entry for viewing another user's meeting shares a commit with other writes.
func TestALookSharesACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const entries = `SELECT count(*) FROM audit`
		var look, last sync.WaitGroup
		c := runAtOnce(t, func(ctx context.Context, c *crowd, _ *sql.Tx) error {
			look.Go(func() {
				if err := c.Audit(ctx, 0, AuditMeetingRead, 0, ""); err != nil {
					c.Error(err)
				}
			})
			synctest.Wait()
			last.Go(func() {
				err := c.transact(ctx, func(tx *sql.Tx) error {
					var written, stored int
					err := errors.Join(tx.QueryRow(entries).Scan(&written), c.read.QueryRow(entries).Scan(&stored))
					if written != 1 || stored != 0 {
						c.Errorf("%d entries are written and %d are stored, want 1 and 0", written, stored)
					}
					return err
				})
				if err != nil {
					c.Error(err)
				}
			})
			synctest.Wait()
			return nil
		})
		look.Wait()
		last.Wait()
		if err := errors.Join(c.returned...); err != nil {
			t.Error(err)
		}
	})
}

// At most maxShared transactions share a commit, which limits how long the first one waits.
func TestFewTransactionsShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transactions := slices.Repeat([]crowdTx{func(context.Context, *crowd, *sql.Tx) error { return nil }}, maxShared)
		transactions[0] = insert(1)
		runAtOnce(t, append(transactions, func(_ context.Context, c *crowd, _ *sql.Tx) error {
			c.wantStored("after enough transactions", "1")
			return nil
		})...)
	})
}

func TestSharedTransactionsFailAlone(t *testing.T) {
	fail := func(id int, how func() error) crowdTx {
		return func(ctx context.Context, c *crowd, tx *sql.Tx) error {
			return errors.Join(insert(id)(ctx, c, tx), how())
		}
	}
	own := func() error { return errOwn }
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t, fail(1, own), insert(2), fail(3, own), fail(4, func() error { panic("so what") }), insert(5))
		if got := fmt.Sprint(c.returned); got != "[fails by itself <nil> fails by itself panic: so what <nil>]" {
			t.Errorf("the transactions returned %s", got)
		}
		c.wantStored("at the end", "2 5")
	})
}

// If a commit fails, every transaction that shares it returns the commit's error. This
// includes a transaction that has already failed, because an earlier transaction's changes
// may have caused its failure.
func TestAFailedCommitFailsAllTransactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t, insert(1), func(_ context.Context, _ *crowd, tx *sql.Tx) error {
			_, err := tx.Exec(`INSERT INTO retention (subject, before) VALUES ('audit', 0)`) // violates a deferred foreign key, which SQLite checks at commit
			return err
		}, func(context.Context, *crowd, *sql.Tx) error { return errOwn })
		for i, err := range c.returned {
			if !sqlitedb.IsForeignKey(err) {
				t.Errorf("transaction %d returned %v", i, err)
			}
		}
		c.wantStored("at the end", "")
	})
}

// When the disk is full, SQLite rolls back to the last commit, so all transactions that
// have run since then fail. Waiting transactions are not affected.
func TestAFullDiskFailsAllTransactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := func(pages int, do crowdTx) crowdTx {
			return func(ctx context.Context, c *crowd, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)) // a limit below the current size prevents the file from growing
				return errors.Join(err, do(ctx, c, tx))
			}
		}
		c := runAtOnce(t, insert(1), limited(1, insertBytes(2, 1<<20)), limited(1<<20, insert(3)))
		for i, err := range c.returned {
			if full := i < 2; full != sqlitedb.IsUnwritable(err) || full != (Failure(err) != nil) {
				t.Errorf("transaction %d returned %v", i, err)
			}
		}
		c.wantStored("at the end", "3")
	})
}

// A transaction whose context ends while it waits never runs.
func TestAWaitingTransactionEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t, func(ctx context.Context, c *crowd, tx *sql.Tx) error {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			if err := c.transact(short, func(tx *sql.Tx) error { return insert(2)(ctx, c, tx) }); !errors.Is(err, context.DeadlineExceeded) {
				c.Errorf("the transaction that waited returned %v", err)
			}
			return insert(1)(ctx, c, tx)
		}, insert(3))
		c.wantStored("at the end", "1 3")
	})
}

// A transaction whose context ends while it runs rolls back only its own changes. Its
// statement is not interrupted, because SQLite would then roll back every transaction in
// the shared commit.
func TestAContextEndsOnlyItsOwnTransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t, insert(1), func(ctx context.Context, c *crowd, tx *sql.Tx) error {
			c.cancel[0]()
			go c.cancel[1]()
			_, err := tx.ExecContext(ctx, `INSERT INTO filler (zeros) WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT zeroblob(1) FROM n`)
			return errors.Join(err, ctx.Err())
		}, insert(3))
		if err := errors.Join(c.returned[0], c.returned[2]); err != nil || !errors.Is(c.returned[1], context.Canceled) {
			t.Errorf("the transactions returned %v", c.returned)
		}
		c.wantStored("at the end", "1 3")
	})
}

// A transaction is not committed after its context has ended, even if all of its statements
// succeeded. It does not block later transactions.
func TestNoTransactionIsCommittedAfterItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := runAtOnce(t)
		for i := range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			if i > 0 {
				cancel()
			}
			err := c.transact(ctx, func(tx *sql.Tx) error {
				defer cancel()
				return insert(i)(ctx, c, tx)
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("transact returned %v", err)
			}
		}
		if err := c.transact(t.Context(), func(tx *sql.Tx) error { return insert(100)(t.Context(), c, tx) }); err != nil {
			t.Error(err)
		}
		c.wantStored("at the end", "100")
	})
}

// A transaction's changes are stored if and only if it returns no error, whatever happens
// to other transactions.
func TestSharedCommitsUnderLoad(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL's server lets transactions share a commit")
	c := &crowd{T: t, Store: openNew(t)}
	var (
		all    sync.WaitGroup
		stored [400]bool
	)
	for id := range stored {
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if id%3 == 0 {
				go cancel()
			}
			err := c.transact(ctx, func(tx *sql.Tx) error {
				if err := insert(id)(ctx, c, tx); err != nil || id%5 > 0 {
					return err
				}
				return errOwn
			})
			if stored[id] = err == nil; id%3 > 0 && stored[id] != (id%5 > 0) {
				t.Errorf("transaction %d returned %v", id, err)
			}
		})
	}
	all.Wait()
	var want []string
	for id, ok := range stored {
		if ok {
			want = append(want, strconv.Itoa(id))
		}
	}
	c.wantStored("at the end", strings.Join(want, " "))
}
