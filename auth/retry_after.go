package auth

import (
	"errors"
	"time"
)

// RetryAfter returns for how long the provider's token endpoint asked not to be
// called, and whether because it is out of order rather than called too often; 0
// where it named no time.
func RetryAfter(err error) (wait time.Duration, down bool) {
	var f *failure
	if !errors.As(err, &f) {
		return 0, false
	}
	return f.Wait, f.Status >= 500
}
