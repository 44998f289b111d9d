// Package retryafter parses the Retry-After header of HTTP responses.
package retryafter

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Longest is the maximum delay that Of returns. It prevents a wrong header from blocking
// a caller forever.
const Longest = 24 * time.Hour

// seconds matches a number of seconds. Unlike RFC 9110, it allows a fraction. It ignores a
// comma and anything after it, such as a second value that a proxy added.
var seconds = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(?:\s*,.*)?$`)

// Of returns the delay that Retry-After requests, rounded up to whole seconds and at most
// Longest. If there are several headers, the longest delay applies. The result is 0 if
// the header is missing or malformed, or if its date is in the past.
//
// A date is compared with the response's Date header, because the server's clock may differ
// from this computer's. If there is no valid Date header, it is compared with now.
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
		n, _ := strconv.ParseFloat(m[1], 64) // n is +Inf if the number is too large
		return time.Duration(math.Ceil(min(n, Longest.Seconds()))) * time.Second
	}
	until, err := http.ParseTime(told)
	if err != nil || !until.After(now) {
		return 0
	}
	if until.After(now.Add(Longest)) { // compared as times, because the difference may overflow a Duration
		return Longest
	}
	return (until.Sub(now) + time.Second - 1).Truncate(time.Second)
}
