package meeting

import (
	"errors"
	"fmt"
	"time"
)

// Code is the kind of failure that an Error describes. Package web maps it to an HTTP
// status unless the Error's Key has its own status.
type Code string

// The kinds of failure.
const (
	Invalid      Code = "invalid"      // the input is not valid
	Unauthorized Code = "unauthorized" // the user is not signed in, or must sign in again
	Forbidden    Code = "forbidden"    // the person is not allowed to do this
	NotFound     Code = "not_found"    // the requested item does not exist, or this person may not see it
	Conflict     Code = "conflict"     // the current state does not allow this, for example because something has changed
	Unavailable  Code = "unavailable"  // the desk cannot do this now, for example because another system does not answer or a limit is reached
	Internal     Code = "internal"     // a fault in the desk itself
)

// Args holds the values for a message's placeholders. Package locale formats times, durations,
// roles and the types below in the reader's language.
type Args map[string]any

// Day is a message argument: a time that is shown as a date, in its own zone.
type Day time.Time

// Bytes is a message argument: a size in bytes that is shown in megabytes or gigabytes.
type Bytes int64

// Error is a failure that can be shown to a user. Its Key is a message key in package
// locale. Err is only for the log.
type Error struct {
	Code Code
	Key  Reason
	Args Args
	Err  error
}

// Error describes the failure for the log.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Code, e.Key)
	}
	return fmt.Sprintf("%s: %s: %v", e.Code, e.Key, e.Err)
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first Error in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
