package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
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
	if taken, _ := l.take(1, 1); taken != 0 {
		t.Error("a used-up allowance has something left")
	}
	l.giveBack(1, 2)
	if taken, _ := l.take(1, 5); taken != 2 {
		t.Errorf("%d of 2 requests that were given back are allowed", taken)
	}
	now = now.Add(72 * time.Hour)
	l.giveBack(1, 5)
	if taken, _ := l.take(1, 100); taken != 10 {
		t.Errorf("%d requests are allowed in a burst, want 10", taken)
	}
}

// TestEachRateIsExhausted uses up each rate in the table. It checks when the next request
// is allowed, and that other people and addresses are not affected.
func TestEachRateIsExhausted(t *testing.T) {
	for _, row := range DefaultLimits() {
		addresses := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
		for i, r := range []Rate{row.Person, row.Address} {
			if r == (Rate{}) {
				continue
			}
			now := time.Now()
			l := newLimiter(row, func() time.Time { return now })
			allow := func(who int) (time.Time, bool) {
				if i == 0 {
					return l.allow(int64(who+1), netip.Addr{})
				}
				return l.allow(0, addresses[who])
			}
			allowed := 0
			for ; allowed <= r.Burst; allowed++ {
				if _, ok := allow(0); !ok {
					break
				}
			}
			until, ok := allow(0)
			if wait := until.Sub(now).Round(time.Millisecond); allowed != r.Burst || ok || wait != r.Every {
				t.Errorf("%s, rate %d: %d requests are allowed, and the next one after %v; want %+v", row.Name, i, allowed, wait, r)
			}
			if _, ok := allow(1); !ok {
				t.Errorf("%s, rate %d: somebody else is refused", row.Name, i)
			}
		}
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

func TestEraseTextsAreLimited(t *testing.T) {
	e := eraseRequest(url.Values{"texts": {strings.Repeat("text\n", 60)}})
	if len(e.Texts) != 50 {
		t.Errorf("%d texts are replaced, want 50", len(e.Texts))
	}
}
