package graph

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
)

// Kind classifies failures by whether the operation may have taken effect.
type Kind string

// The kinds of failure.
const (
	Refused Kind = "refused"  // Graph refused the operation; nothing was changed
	Unsure  Kind = "unsure"   // no valid response, or a server error; the operation may have taken effect
	NotSent Kind = "not_sent" // nothing was sent to Graph
)

// Error describes why an operation failed. All fields except Kind describe the last try.
type Error struct {
	Kind            Kind
	Reason          meeting.Reason
	Status          int    // 0 if there was no response
	Code            string // the most specific code in the catalogue, or the outermost code if none is in the catalogue
	Message         string // Graph's message, or a description of an invalid response; not for end users
	Origin          string // the content type and the redirect target of an invalid response
	RequestID       string
	ClientRequestID string
	Date            string        // as Graph sent it
	RetryAfter      time.Duration // the delay that Graph requested; 0 if it requested none
	Claims          string        // the claims challenge for the person's next sign-in, as JSON; "" for calls with the application token
	Err             error         // the cause, such as an error from the transport or the decoder; may be nil
}

// Error describes the failure for the log. It omits messages from Graph and other
// servers, because they may contain personal data.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph: %s (%s)", e.Reason, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " %s", e.Code)
	}
	if e.Origin != "" {
		fmt.Fprintf(&b, " from another server: %s", e.Origin)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, ", request-id %s", e.RequestID)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// IsNotFound reports whether Graph responded that there is no such meeting or person. A
// proxy's 404 does not count.
func IsNotFound(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Reason == meeting.ReasonNotFound
}
