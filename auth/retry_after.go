package auth

import (
	"errors"
	"time"
)

// RetryAfter returns how long the token endpoint asked the desk to wait, or 0. down is
// true if the endpoint failed (status 500 or above).
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
