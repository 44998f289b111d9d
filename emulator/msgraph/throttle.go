package msgraph

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// throttle counts the requests in a sliding time window. It uses the system clock,
// because clients measure Retry-After in real time.
type throttle struct {
	mu   sync.Mutex
	last []time.Time
}

// exceeds counts a request and reports whether the window now has more than limit requests.
func (t *throttle) exceeds(limit int, window time.Duration, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = slices.DeleteFunc(t.last, func(at time.Time) bool { return now.Sub(at) >= window })
	t.last = append(t.last, now)
	return len(t.last) > limit
}

// checkRate refuses a meeting request if there are more than Switches.MaxPerSecond
// requests within Options.RateWindow.
func (s *Server) checkRate(route route) error {
	switches := s.tenant.Switches()
	if switches.MaxPerSecond == 0 || !strings.Contains(route.pattern, "/onlineMeetings") || !s.throttle.exceeds(switches.MaxPerSecond, s.tenant.Options.RateWindow, time.Now()) {
		return nil
	}
	code, message := usualError(http.StatusTooManyRequests)
	refusal := graphError{status: http.StatusTooManyRequests, code: code, message: message, reason: "more than MaxPerSecond", header: http.Header{}}
	if !switches.ThrottleWithoutRetryAfter {
		refusal.header.Set("Retry-After", "1")
	}
	return refusal
}
