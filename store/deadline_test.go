package store

import (
	"context"
	"sync"
	"testing"
	"time"

	"meetdesk/store/listing"
)

func TestADeadlineLeavesNoStatementBehind(t *testing.T) {
	ctx := context.Background()
	s := openNew(t)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 150 {
				short, cancel := context.WithTimeout(ctx, time.Duration(i%4)*time.Millisecond)
				s.Audit(short, 1, "test", 0, "") // always fails: either at the deadline, or because there is no user 1
				s.History(short, listing.Criteria{UserID: int64(worker), Text: "x", Limit: 50})
				cancel()
			}
		})
	}
	wait.Wait()
	if _, err := s.History(ctx, listing.Criteria{Everyone: true, Text: "x", Limit: 50}); err != nil {
		t.Errorf("reading afterwards: %v", err)
	}
	if err := s.TouchSession(ctx, []byte("x")); err != nil {
		t.Errorf("writing afterwards: %v", err)
	}
}
