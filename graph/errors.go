package graph

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
)

// Kind is what a failed operation makes of the attempt.
type Kind string

// The kinds of failure.
const (
	Refused Kind = "refused"  // Graph said no; nothing was changed
	Unsure  Kind = "unsure"   // no proper answer came; it may have taken effect
	NotSent Kind = "not_sent" // no connection was made; nothing left the desk
)

// Error is why an operation failed, as far as its last try tells.
type Error struct {
	Kind            Kind
	Reason          meeting.Reason
	Status          int    // 0: no answer came
	Code            string // the most specific of Graph's codes that the desk knows, else the outermost
	Message         string // Graph's own, not meant for people; of an answer that is not Graph's its type and first characters
	RequestID       string
	ClientRequestID string
	Date            string        // as Graph gave it
	RetryAfter      time.Duration // what Graph asked for; 0 where it named none
	Claims          string        // the claims challenge as JSON: the person must sign in again with it; never the program's
	Err             error         // what the transport or the decoder said, for the log
}

// Error describes the failure for the log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph: %s (%s)", e.Reason, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" || e.Message != "" {
		fmt.Fprintf(&b, " %s %q", e.Code, e.Message)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, ", request-id %s", e.RequestID)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// IsNotFound reports whether Graph itself said that there is no such meeting or
// person. Somebody else's 404, a proxy's say, tells nothing of that.
func IsNotFound(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Reason == meeting.ReasonNotFound
}
