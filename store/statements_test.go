package store

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// A statement that a deadline cut off must not stop later ones.
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
				s.Audit(short, 1, "test", 0, "") // fails sooner or later, because there is no user 1
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

// A ticket may have very many meetings, so the queries for a meeting's neighbours must use
// the index and sort nothing.
func TestTicketNeighboursUseTheIndex(t *testing.T) {
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
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(step + "\n")
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), "SEARCH m USING INDEX meetings_ticket (ticket_key=? AND start_at") || strings.Contains(plan.String(), "TEMP B-TREE") {
			t.Errorf("%s\nhas the plan\n%s", q, plan.String())
		}
	}
}
