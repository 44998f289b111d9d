package auth

import (
	"errors"
	"time"
)

// RetryAfter returns how long the provider's token endpoint asked the desk to wait before
// the next request, or 0 if it did not ask for that. down reports whether the endpoint
// failed, rather than refusing the request because it was called too often.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
