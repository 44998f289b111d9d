package auth

import (
	"errors"
	"time"
)

// RetryAfter returns how long the provider's token endpoint asked the desk to wait before
// the next request; 0 if it named no time. down is true if the endpoint is down, and
// false if it was called too often.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
