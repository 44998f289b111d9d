package auth

import (
	"errors"
	"time"
)

// RetryAfter returns the delay that the token endpoint requested (Retry-After), or 0. It
// also reports whether the endpoint's response had a status of 500 or above.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
