package store_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

func auditEntries(t *testing.T, dir string) (n int) {
	t.Helper()
	db := enginetest.Connect(t, dir)
	if err := db.QueryRow(`SELECT count(*) FROM audit WHERE action = 'history.read'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAuditSoonWritesWithinHalfASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, dir := t.Context(), t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User.ID
		for range 3 {
			must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "printer"))
		}
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		if n := auditEntries(t, dir); n != 3 {
			t.Errorf("%d entries after half a second, want 3", n)
		}
		must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, ""))
		must(t, s.Close())
		if n := auditEntries(t, dir); n != 4 {
			t.Errorf("%d entries after Close, want 4", n)
		}
	})
}

// A failed write is repeated half a second later, even if no further request arrives.
func TestQueuedEntriesAreWrittenLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User.ID
		db := enginetest.Connect(t, dir)
		enginetest.Refuse(t, db, "INSERT", "audit", "", "the disk is full")
		must(t, s.AuditSoon(t.Context(), person, store.AuditHistoryRead, 0, "printer"))
		time.Sleep(700 * time.Millisecond)
		enginetest.Allow(t, db, "audit")
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		if n := auditEntries(t, dir); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
	})
}

// An entry that could not be written stays ahead of entries that were queued in the
// meantime.
func TestQueuedEntriesKeepTheirOrder(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	db := enginetest.Connect(t, dir)
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "first"))
	other, err := db.Begin()
	must(t, err)
	enginetest.Refuse(t, other, "INSERT", "audit", "", "the disk is full") // until the commit, the entry waits for this transaction
	flushed := make(chan error)
	go func() { flushed <- s.FlushAudit(ctx) }()
	for store.QueuedEntries(s) > 0 {
		time.Sleep(time.Millisecond)
	}
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "second"))
	must(t, other.Commit())
	if err := <-flushed; err == nil {
		t.Error("FlushAudit returned no error, but nothing was written")
	}
	enginetest.Allow(t, db, "audit")
	must(t, s.FlushAudit(ctx))
	if got := enginetest.Texts(t, db, `SELECT detail FROM audit WHERE action = 'history.read' ORDER BY id`); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("the entries are %q", got)
	}
}

// After a failed write, AuditSoon returns an error until the queue can be written. Entries
// that are already queued are not lost.
func TestAuditSoonReportsAFailedWrite(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	db := enginetest.Connect(t, dir)
	enginetest.Refuse(t, db, "INSERT", "audit", "", "the disk is full")
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "first"))
	if err := s.FlushAudit(ctx); err == nil {
		t.Fatal("FlushAudit returned no error, but nothing was written")
	}
	if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "second"); err == nil {
		t.Error("AuditSoon returned no error while the audit cannot be written")
	}
	enginetest.Allow(t, db, "audit")
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "third"))
	must(t, s.FlushAudit(ctx))
	if n := auditEntries(t, dir); n != 2 {
		t.Errorf("%d entries, want 2: the first and the third", n)
	}
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, "fourth"))
	must(t, s.AuditSoon(ctx, 4711, store.AuditHistoryRead, 0, "by nobody"))
	must(t, s.FlushAudit(ctx))
	if n := auditEntries(t, dir); n != 3 {
		t.Errorf("%d entries, want 3: one that can never be written must not block the others", n)
	}
}

// FlushAudit writes the queue even if the request's context has ended, because the queue
// may contain other people's entries.
func TestFlushAuditOutlivesTheRequest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.AuditSoon(t.Context(), signIn(t, s, "one").User.ID, store.AuditHistoryRead, 0, "first"))
	gone, leave := context.WithCancel(t.Context())
	leave()
	must(t, s.FlushAudit(gone))
	if n := auditEntries(t, dir); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

func TestCloseWaitsForQueuedEntries(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	db := enginetest.Connect(t, dir)
	must(t, s.AuditSoon(ctx, signIn(t, s, "one").User.ID, store.AuditHistoryRead, 0, "printer"))
	other, err := db.Begin()
	must(t, err)
	block := `DELETE FROM notes` // locks SQLite's database
	if postgrestest.Wanted() {
		block = `LOCK TABLE audit IN EXCLUSIVE MODE`
	}
	_, err = other.Exec(block)
	must(t, err)
	flushed := make(chan error)
	go func() { flushed <- s.FlushAudit(ctx) }()
	for store.QueuedEntries(s) > 0 {
		time.Sleep(time.Millisecond)
	}
	time.AfterFunc(50*time.Millisecond, func() { _ = other.Rollback() })
	must(t, s.Close())
	if n := auditEntries(t, dir); n != 1 {
		t.Errorf("%d entries after Close, want 1", n)
	}
	must(t, <-flushed)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// FlushAudit keeps entries in the queue if they cannot be written because the disk is full.
// It drops only entries that can never be written.
func TestFlushAuditKeepsEntriesThatFailed(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	var log bytes.Buffer
	s, err := store.Open(ctx, store.Options{Dir: dir, Database: enginetest.Prepare(t, dir), Keys: [][]byte{make([]byte, 32)}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	person := signIn(t, s, "one").User.ID
	db := enginetest.Connect(t, dir)
	enginetest.Refuse(t, db, "INSERT", "audit", "new.detail IN ('third', 'fourth')", "the disk is full")
	for _, detail := range []string{"first", "third", "second", "fourth"} {
		must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, 0, detail))
	}
	must(t, s.AuditSoon(ctx, 4711, store.AuditHistoryRead, 0, "by nobody"))
	if err := s.FlushAudit(ctx); err == nil {
		t.Error("FlushAudit returned no error, but two entries were not written")
	}
	if n := auditEntries(t, dir); n != 2 {
		t.Errorf("%d entries, want the two that could be written", n)
	}
	enginetest.Allow(t, db, "audit")
	must(t, s.FlushAudit(ctx))
	if n := auditEntries(t, dir); n != 4 {
		t.Errorf("%d entries once there is room, want 4", n)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "user=4711") || !strings.Contains(got, "by nobody") {
		t.Errorf("want one line about the dropped entry in the log, got\n%s", got)
	}
}

func TestNoQueryStartsAfterTheContextEnded(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.LastReply(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("one row: error %v, want context.Canceled", err)
	}
	if _, err := s.Attempts(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("rows: error %v, want context.Canceled", err)
	}
}

// If the database is briefly unreachable, for example during a failover, Close waits until
// it is available again and then writes the queue.
func TestCloseWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	l := newLeases(t)
	proxy := newProxy(t, l.address)
	s := l.open(proxy.address)
	person := signIn(t, s, "one").User.ID
	must(t, s.AuditSoon(t.Context(), person, store.AuditHistoryRead, 0, "printer"))
	proxy.setDown(true)
	time.AfterFunc(time.Second, func() { proxy.setDown(false) })
	must(t, s.Close())
	var n int
	if err := l.db.QueryRow(`SELECT count(*) FROM audit WHERE action = 'history.read'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d entries after Close (%v), want 1", n, err)
	}
}
