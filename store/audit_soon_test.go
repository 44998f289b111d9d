package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
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
	if err := s.SettleAudit(ctx); err == nil {
		t.Fatal("the audit says it is written")
	}
	if err := s.AuditSoon(ctx, person, store.AuditHistoryRead, "second"); err == nil {
		t.Error("a second look was let through")
	}
	must(t, sqlBehind(t, dir, `DROP TRIGGER full`))
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, "third"))
	must(t, s.SettleAudit(ctx))
	if n := auditLines(t, dir); n != 2 {
		t.Errorf("%d lines, want the first and the third: the second look was refused", n)
	}
	must(t, s.AuditSoon(ctx, person, store.AuditHistoryRead, "fourth"))
	must(t, s.AuditSoon(ctx, 4711, store.AuditHistoryRead, "of nobody"))
	must(t, s.SettleAudit(ctx))
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
