package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/store"
)

func auditLines(t *testing.T, dir string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT count(*) FROM audit`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAuditSoonIsWritten(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	for range 3 {
		if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, "printer"); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); auditLines(t, dir) != 3; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines are written, want 3", auditLines(t, dir))
		}
	}
	if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := auditLines(t, dir); n != 4 {
		t.Errorf("%d lines after the end, want 4", n)
	}
}

// Where the audit cannot be written, nothing more is looked at; what waited is not lost.
func TestAuditSoonTellsOfFailure(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User.ID
	must(t, sqlBehind(t, dir, `CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`))
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, "first"))
	if err := s.FlushAudit(ctx); err == nil {
		t.Fatal("the audit says it is written")
	}
	if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, "second"); err == nil {
		t.Error("a second look was let through")
	}
	must(t, sqlBehind(t, dir, `DROP TRIGGER full`))
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, "third"))
	must(t, s.FlushAudit(ctx))
	if n := auditLines(t, dir); n != 2 {
		t.Errorf("%d lines, want the first and the third: the second look was refused", n)
	}
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, "fourth"))
	must(t, s.AuditSoon(ctx, 4711, store.AuditHistoryRead, "of nobody"))
	must(t, s.FlushAudit(ctx))
	if n := auditLines(t, dir); n != 3 {
		t.Errorf("%d lines, want 3: one that cannot be written holds up no other", n)
	}
}

// sqlBehind changes the database behind the store's back.
func sqlBehind(t *testing.T, dir, statement string) error {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A disk that fills up while lines are written one by one: what was written stays,
// what was not waits, and only what can never be written is dropped, with a word
// in the log.
func TestAuditSoonKeepsWhatMayStillBeWritten(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	var log bytes.Buffer
	s, err := store.Open(ctx, store.Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	person := signIn(t, s, "one").User.ID
	must(t, sqlBehind(t, dir, `CREATE TRIGGER full BEFORE INSERT ON audit WHEN new.detail IN ('third', 'fourth') BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`))
	for _, detail := range []string{"first", "third", "second", "fourth"} {
		must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, detail))
	}
	must(t, s.AuditSoon(ctx, 4711, store.AuditHistoryRead, "of nobody"))
	if err := s.FlushAudit(ctx); err == nil {
		t.Error("two lines wait, and the audit says that all are written")
	}
	if n := auditLines(t, dir); n != 2 {
		t.Errorf("%d lines, want the two that could be written", n)
	}
	must(t, sqlBehind(t, dir, `DROP TRIGGER full`))
	must(t, s.FlushAudit(ctx))
	if n := auditLines(t, dir); n != 4 {
		t.Errorf("%d lines once there is room, want 4", n)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "user=4711") || !strings.Contains(got, "of nobody") {
		t.Errorf("the log says\n%s", got)
	}
}

// A request that is over reads nothing more.
func TestNothingIsReadForARequestThatIsOver(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.LastReply(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("one row: error %v, want that the request is over", err)
	}
	if _, err := s.Attempts(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("rows: error %v, want that the request is over", err)
	}
}
