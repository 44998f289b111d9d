package store

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Statements are kept with their connection. One that is being read from must
// not be run again under the reader, and one that a deadline cut off must leave
// nothing behind.
func TestStatementsAreNotSharedWhileInUse(t *testing.T) {
	ctx := context.Background()
	db, err := openPrepared(dsn(filepath.Join(t.TempDir(), "test.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := db.ExecContext(ctx, `INSERT INTO n (i) VALUES ($1)`, i); err != nil {
			t.Fatal(err)
		}
	}
	const q = `SELECT i FROM n WHERE i >= $1 ORDER BY i`
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := tx.QueryContext(ctx, q, 0)
	if err != nil {
		t.Fatal(err)
	}
	for want := 0; outer.Next(); want++ {
		var got, inner int
		if err := outer.Scan(&got); err != nil || got != want {
			t.Fatalf("read %d, %v; want %d", got, err, want)
		}
		if err := tx.QueryRowContext(ctx, q, 99-want).Scan(&inner); err != nil || inner != 99-want {
			t.Fatalf("the same query beside it read %d, %v; want %d", inner, err, 99-want)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestADeadlineLeavesNoStatementBehind(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 150 {
				short, cancel := context.WithTimeout(ctx, time.Duration(i%4)*time.Millisecond)
				s.Audit(short, 1, "test", 0, "") // may or may not be in time, and there is no such user
				s.History(short, HistoryQuery{UserID: int64(worker), Text: "x", Limit: 50})
				cancel()
			}
		})
	}
	wait.Wait()
	if _, err := s.History(ctx, HistoryQuery{Everyone: true, Text: "x", Limit: 50}); err != nil {
		t.Errorf("reading afterwards: %v", err)
	}
	if err := s.TouchSession(ctx, []byte("x")); err != nil {
		t.Errorf("writing afterwards: %v", err)
	}
}

func TestEveryConnectionIsSetAsItShouldBe(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0"} {
		var got string
		if err := s.write.QueryRowContext(ctx, `PRAGMA `+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("the writer's %s is %q, %v; want %s", pragma, got, err, want)
		}
	}
	if _, err := s.read.db.ExecContext(ctx, `DELETE FROM users`); err == nil {
		t.Error("a reader can write")
	}
}

// A ticket may have very many meetings: what is beside one of them is looked up,
// and nothing is sorted.
func TestWhatIsBesideAMeetingIsLookedUp(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, q := range []string{startBefore, startAfter, madeBefore, madeAfter} {
		var plan strings.Builder
		rows, err := s.read.QueryContext(ctx, `EXPLAIN QUERY PLAN `+q, "inc1", 0, 1, 1, 3)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(step + "\n")
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), "SEARCH m USING INDEX meetings_ticket (ticket_key=? AND start_at") || strings.Contains(plan.String(), "TEMP B-TREE") {
			t.Errorf("%s\nis carried out as\n%s", q, plan.String())
		}
	}
}
