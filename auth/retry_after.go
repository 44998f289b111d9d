package auth

import (
	"errors"
	"time"
)

// RetryAfter returns the delay that the token endpoint requested (Retry-After), or 0. The
// result down reports whether the status of its response was 500 or above.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
