package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitedb"
)

// refuseUncommitted makes the database refuse audit entries once the returned transaction
// is committed. Until then, attempts to write entries wait for the transaction.
func refuseUncommitted(t *testing.T, db *sql.DB) *sql.Tx {
	t.Helper()
	tx, err := db.Begin()
	must(t, err)
	enginetest.Refuse(t, tx, "INSERT", "audit", "", "the disk is full")
	return tx
}

// If the queue is full, AuditSoon waits until it has been written. If the write fails,
// AuditSoon returns an error instead of queuing another entry.
func TestAuditQueueIsBounded(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	db := enginetest.Connect(t, dir)
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"))
	other := refuseUncommitted(t, db)
	flushed := make(chan error, 1)
	go func() { flushed <- s.FlushAudit(ctx) }()
	for store.QueuedEntries(s) > 0 {
		time.Sleep(time.Millisecond)
	}
	for range store.MaxQueued - 1 { // one more is being written
		must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"))
	}
	next := make(chan error, 1)
	go func() { next <- s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "one too many") }()
	select {
	case err := <-next:
		t.Fatalf("AuditSoon returned %v before the queue was written", err)
	case <-time.After(20 * time.Millisecond):
	}
	must(t, other.Commit())
	var told *meeting.Error
	if err := <-next; !errors.As(err, &told) || told.Code != meeting.Unavailable || told.Key != meeting.ReasonAuditFailed {
		t.Errorf("AuditSoon returned %v, want that the audit failed", err)
	}
	if err := <-flushed; err == nil {
		t.Error("FlushAudit returned no error, but nothing was written")
	}
	enginetest.Allow(t, db, "audit")
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "one that fits"))
	must(t, s.FlushAudit(ctx))
	if n := auditEntries(t, dir); n != store.MaxQueued+1 {
		t.Errorf("%d entries, want %d", n, store.MaxQueued+1)
	}
}

// If a write fails, all requests that were waiting for it fail as well. Otherwise, each
// would wait for SQLite's lock in turn.
func TestRequestsWaitForTheAuditTogether(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	db := enginetest.Connect(t, dir)
	enginetest.Refuse(t, db, "INSERT", "audit", "", "the disk is full")
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"))
	if err := s.FlushAudit(ctx); err == nil {
		t.Fatal("FlushAudit returned no error, but nothing was written")
	}
	enginetest.Allow(t, db, "audit")
	other := refuseUncommitted(t, db)
	before := store.AuditWrites(s)
	var all, begun sync.WaitGroup
	const requests = 20
	begun.Add(requests)
	for range requests {
		all.Go(func() {
			begun.Done()
			if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"); err == nil {
				t.Error("AuditSoon returned no error")
			}
		})
	}
	begun.Wait()
	time.Sleep(50 * time.Millisecond) // long enough for all of them to start waiting
	must(t, other.Commit())
	all.Wait()
	if n := store.AuditWrites(s) - before; n > requests/2 {
		t.Errorf("%d requests wrote the queue %d times, want about once", requests, n)
	}
	enginetest.Allow(t, db, "audit")
}

// If another process has locked the database, FlushAudit waits for the lock once, not once
// for each entry.
func TestAuditWaitsForALockOnce(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL has no lock on the whole database")
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	other, err := enginetest.Connect(t, dir).Begin()
	must(t, err)
	_, err = other.Exec(`DELETE FROM notes`)
	must(t, err)
	store.Write(t, s, `PRAGMA busy_timeout = 100`)
	const entries = 100
	for range entries {
		must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"))
	}
	began := time.Now()
	if err := s.FlushAudit(ctx); !sqlitedb.IsLocked(err) {
		t.Errorf("FlushAudit returned %v, want that the database is locked", err)
	}
	if waited := time.Since(began); waited > entries*100*time.Millisecond/2 {
		t.Errorf("%d entries waited %v for the lock, want about 100 ms", entries, waited)
	}
	must(t, other.Rollback())
	must(t, s.FlushAudit(ctx))
	if n := auditEntries(t, dir); n != entries {
		t.Errorf("%d entries, want %d", n, entries)
	}
}

// While the audit log cannot be written, refusals are only counted. Afterwards, the log
// accounts for all of them.
func TestRefusalsDoNotFillTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User.ID
		before := len(auditLines(t, dir))
		db := enginetest.Connect(t, dir)
		enginetest.Refuse(t, db, "INSERT", "audit", "", "the disk is full")
		const minutes = 5
		for range minutes {
			if err := s.AuditRefusal(t.Context(), person, 0, "access.no_role GET /history"); err == nil && store.QueuedEntries(s) == 0 {
				t.Fatal("the refusal was written")
			}
			time.Sleep(time.Minute + time.Second)
			synctest.Wait()
		}
		if n := store.QueuedEntries(s); n != 1 {
			t.Errorf("%d queued entries after %d minutes, want only that of the first minute", n, minutes)
		}
		enginetest.Allow(t, db, "audit")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		want := []string{"one@contoso.example|refused|access.no_role GET /history||1", "one@contoso.example|refused|access.no_role GET /history||4"}
		if got := auditLines(t, dir)[before:]; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("the audit has %q, want %q", got, want)
		}
	})
}
