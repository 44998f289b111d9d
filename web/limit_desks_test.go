package web

import (
	"net/http"
	"net/netip"
	"testing"
	"time"

	"meetdesk/meeting"
)

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

// TestBusyReasons checks the response to a person with too many running requests. Each
// limit must have its own reason, the status must be 429, and the response must say how long
// to wait.
func TestBusyReasons(t *testing.T) {
	names := map[meeting.Reason]string{errBusy.Key: "the whole site"}
	for _, l := range DefaultLimits() {
		if l.AtOnce == 0 {
			continue
		}
		if other := names[l.Busy]; other != "" {
			t.Errorf("the limit %q has the reason %q of %q", l.Name, l.Busy, other)
		}
		names[l.Busy] = l.Name
		if status := statusOf(&meeting.Error{Code: meeting.Unavailable, Key: l.Busy}); status != http.StatusTooManyRequests || retryAfter[l.Busy] == 0 {
			t.Errorf("the limit %q: status %d, Retry-After %v", l.Name, status, retryAfter[l.Busy])
		}
	}
}
