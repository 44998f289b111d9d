package retryafter_test

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"

	"meetdesk/retryafter"
)

// FuzzOf asserts that a delay is a whole number of seconds between 0 and Longest. A
// second Retry-After header must never shorten the delay, and a plain number of seconds
// up to Longest must be returned unchanged.
func FuzzOf(f *testing.F) {
	for _, told := range []string{"120", "0.5", "-1", "1e9", "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "120, 120", " 7 ", "", "NaN", "Sunday, 06-Nov-94 08:49:37 GMT"} {
		f.Add(told, "Wed, 21 Oct 2026 07:27:00 GMT", uint32(30))
		f.Add(told, "", uint32(0))
	}
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, told, date string, seconds uint32) {
		header := http.Header{"Retry-After": {told}}
		if date != "" {
			header.Set("Date", date)
		}
		wait := retryafter.Of(header, now)
		if wait < 0 || wait > retryafter.Longest || wait%time.Second != 0 {
			t.Errorf("%q at %q is a wait of %v", told, date, wait)
		}
		header.Add("Retry-After", strconv.Itoa(int(seconds)))
		plain := min(time.Duration(seconds)*time.Second, retryafter.Longest)
		if got := retryafter.Of(header, now); got != max(wait, plain) {
			t.Errorf("%q is a wait of %v, and together with %d one of %v", told, wait, seconds, got)
		}
		if n, err := strconv.ParseUint(told, 10, 64); err == nil && n <= math.MaxInt32 && wait != min(time.Duration(n)*time.Second, retryafter.Longest) {
			t.Errorf("%q is a wait of %v", told, wait)
		}
	})
}
