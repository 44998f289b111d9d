// Package retryafter reads how long an HTTP answer asks its caller to wait.
package retryafter

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Longest is the longest wait that is believed. A longer one counts as this, so
// that a wrong header does not stop a caller for good.
const Longest = 24 * time.Hour

// seconds is RFC 9110's number of seconds, with the fraction that some servers
// add. What follows a comma is another copy of the header that a proxy joined.
var seconds = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(?:\s*,.*)?$`)

// Of returns how long the answer's Retry-After asks to wait, in whole seconds
// rounded up: 0 without the header and for one that is negative, past or
// unreadable, and Longest at most. Of several headers the longest counts. A date
// counts from the answer's own Date, so that the two clocks need not agree; now
// is used where there is none.
func Of(header http.Header, now time.Time) (wait time.Duration) {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	for _, told := range header.Values("Retry-After") {
		wait = max(wait, one(strings.TrimSpace(told), now))
	}
	return wait
}

func one(told string, now time.Time) time.Duration {
	if m := seconds.FindStringSubmatch(told); m != nil {
		n, _ := strconv.ParseFloat(m[1], 64) // +Inf for more digits than it can hold
		return time.Duration(math.Ceil(min(n, Longest.Seconds()))) * time.Second
	}
	until, err := http.ParseTime(told)
	if err != nil || !until.After(now) {
		return 0
	}
	if until.After(now.Add(Longest)) { // compared as times: the difference may not fit a Duration
		return Longest
	}
	return (until.Sub(now) + time.Second - 1).Truncate(time.Second)
}
