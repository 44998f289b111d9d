package web

import (
	"net/netip"
	"testing"
	"time"
)

// TestDailyLimitIsDivided checks that each of three desks allows a third of a daily number.
func TestDailyLimitIsDivided(t *testing.T) {
	now := time.Now()
	l := newLimiter(Limit{Person: Rate{Burst: 100, Every: time.Second, Day: 30}}, func() time.Time { return now })
	l.desks = func() int { return 3 }
	allowed := 0
	for ; allowed < 100; allowed++ {
		if _, ok := l.allow(1, netip.Addr{}); !ok {
			break
		}
	}
	if allowed != 10 {
		t.Errorf("%d requests are allowed, want 10", allowed)
	}
	if _, ok := l.left(1); ok {
		t.Error("a used-up allowance has something left")
	}
}
