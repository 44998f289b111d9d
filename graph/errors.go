package graph

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
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
	Reason          string // key of the sentence for people, in locale
	Status          int    // 0: no answer came
	Code            string // the most specific of Graph's codes that the desk knows, else the outermost
	Message         string // Graph's own, not meant for people
	RequestID       string
	ClientRequestID string
	Date            string        // as Graph gave it
	RetryAfter      time.Duration // what Graph asked for; 0 where it named none
	Claims          string        // the claims challenge of a 401 as JSON: the person must sign in again with it
	Err             error         // what the transport or the decoder said, for the log
}

// Error describes the failure for the log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph: %s (%s)", e.Reason, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" {
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

// IsNotFound reports whether Graph said that there is no such meeting.
func IsNotFound(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Status == http.StatusNotFound
}

// again says after which failures a try is followed by another.
type again int

const (
	never        again = iota // the answer would be the same
	ifRepeatable              // only where a repetition does no harm
	always                    // nothing was done: any operation
)

// verdict is what one failure means.
type verdict struct {
	kind   Kind
	reason string
	again  again
}

// What is known without a status.
var (
	unreachable = verdict{NotSent, "reason.unreachable", always}
	noAnswer    = verdict{Unsure, "reason.no_answer", ifRepeatable}
	garbled     = verdict{Unsure, "reason.garbled", ifRepeatable}
)

// catalogue is every answer that is told from others. A row with a code goes
// before the one of its status alone. Messages are never looked at (Graph: they
// change and are not for branching).
var catalogue = []struct {
	status int
	code   string // "" for any
	verdict
}{
	{http.StatusBadRequest, "", verdict{Refused, "reason.bad_request", never}},
	{http.StatusUnauthorized, "", verdict{Refused, "reason.sign_in", never}},
	{http.StatusForbidden, "insufficient_claims", verdict{Refused, "reason.sign_in", never}},
	{http.StatusForbidden, "Authorization_RequestDenied", verdict{Refused, "reason.scope", never}},
	{http.StatusForbidden, "InvalidAuthenticationToken", verdict{Refused, "reason.scope", never}},
	{http.StatusForbidden, "", verdict{Refused, "reason.forbidden", never}},
	{http.StatusNotFound, "", verdict{Refused, "reason.not_found", never}},
	{http.StatusConflict, "", verdict{Refused, "reason.conflict", never}},
	{http.StatusTooManyRequests, "", verdict{Refused, "reason.throttled", always}},
	{http.StatusServiceUnavailable, "", verdict{Refused, "reason.busy", always}},
}

// What an answer means that is not in the catalogue.
var (
	refusal     = verdict{Refused, "reason.refused", never}
	serverError = verdict{Unsure, "reason.server_error", ifRepeatable}
)

// judge returns what an answer outside 2xx means, by its status and the most
// specific code that the catalogue knows, which it returns too, or else the
// outermost.
func judge(status int, document errorDocument) (verdict, string) {
	codes := document.codes()
	if status == http.StatusServiceUnavailable && len(codes) == 0 {
		return serverError, "" // a gateway's: it may have passed the request on
	}
	for _, code := range codes {
		for _, row := range catalogue {
			if row.status == status && row.code != "" && strings.EqualFold(row.code, code) {
				return row.verdict, code
			}
		}
	}
	for _, row := range catalogue {
		if row.status == status && row.code == "" {
			return row.verdict, document.Code
		}
	}
	switch {
	case status >= 500:
		return serverError, document.Code
	case status >= 400:
		return refusal, document.Code
	default: // a redirect
		return garbled, document.Code
	}
}
