package auth

import (
	"errors"
	"time"
)

// RetryAfter returns how long the provider's token endpoint asked the desk to wait before
// the next request, or 0 if it did not ask for that. down is true if the endpoint failed
// (status 500 or above), and false if it only refused the request, for example because
// there were too many.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
