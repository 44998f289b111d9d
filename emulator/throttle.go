package emulator

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// throttle counts the requests of the last second by the machine's clock, for
// whoever is told to wait a second waits a real one.
type throttle struct {
	mu   sync.Mutex
	last []time.Time
}

// over counts a request and reports whether it is one too many.
func (t *throttle) over(most int, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = slices.DeleteFunc(t.last, func(at time.Time) bool { return now.Sub(at) >= time.Second })
	t.last = append(t.last, now)
	return len(t.last) > most
}

// checkRate refuses requests for meetings that come too fast.
func (e *Emulator) checkRate(route graphRoute) error {
	w := e.Switches()
	if w.MaxPerSecond == 0 || !strings.Contains(route.pattern, "/onlineMeetings") || !e.throttle.over(w.MaxPerSecond, time.Now()) {
		return nil
	}
	code, message := usualError(http.StatusTooManyRequests)
	no := graphError{status: http.StatusTooManyRequests, code: code, message: message, reason: "more than MaxPerSecond", header: http.Header{}}
	if !w.ThrottleWithoutRetryAfter {
		no.header.Set("Retry-After", "1")
	}
	return no
}
