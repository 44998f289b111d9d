package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"time"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// maxBody is how much of a reply is read: what is longer does not parse. A
// meeting with 750 attendees has about 200 KB.
const maxBody = 4 << 20

// exchange is one operation under way: the http.RoundTripper through which each
// of its tries goes, and what they came to. A try is judged only when its body
// has been read, since a reply cut short is no reply.
type exchange struct {
	operation
	transport http.RoundTripper
	now       func() time.Time

	calls  []meeting.Call
	failed *Error // of the last try; nil where it succeeded
	again  again  // what the last failure allows
	pause  time.Duration
}

// RoundTrip makes one try under a client-request-id of its own and records it. One
// for which there is no time left is none.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	var came progress
	req = req.Clone(httptrace.WithClientTrace(req.Context(), came.trace()))
	call := meeting.Call{Method: req.Method, ClientRequestID: newRequestID(), StartedAt: x.now()}
	req.Header.Set("client-request-id", call.ClientRequestID)

	begun := time.Now()
	resp, err := x.transport.RoundTrip(req)
	if err != nil {
		call.Duration = time.Since(begun)
		x.record(call, came.verdict(), &Error{Err: err})
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close() // it is the bare connection, which nothing would ever end
		resp.Body = http.NoBody
	}
	body, err := readBody(resp)
	call.Duration = time.Since(begun)
	resp.Body = io.NopCloser(bytes.NewReader(body)) // retryablehttp drains it
	x.answer(call, resp, body, err)
	return resp, nil
}

// readBody reads and closes the body, so that its connection can be used again.
func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

// answer records what a response means; err is what reading its body came to.
func (x *exchange) answer(call meeting.Call, resp *http.Response, body []byte, err error) {
	call.Status = resp.StatusCode
	call.RequestID = line(resp.Header.Get("request-id"), maxCode)
	call.Date = line(resp.Header.Get("Date"), maxCode)
	failed := &Error{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header, time.Now()), Err: err}
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		x.welcome(call, failed, body)
		return
	}
	document := parseError(body)
	codes := document.codes()
	claims := challengeOf(resp)
	if claims != "" { // it is more specific than whatever the document says
		codes = slices.Insert(codes, 0, challenged)
	}
	v, code := judge(x.operation, resp.StatusCode, codes)
	call.Code, call.Message = line(code, maxCode), line(document.Message, 500)
	inner := document.inner()
	if call.RequestID == "" {
		call.RequestID = line(inner.RequestID, maxCode)
	}
	if inner.Date != "" {
		call.Date = line(inner.Date, maxCode)
	}
	if x.mode != meeting.Application { // a person can answer a challenge; nobody can for the program
		call.Claims = claims
	}
	x.record(call, v, failed)
}

// meant is said by an operation's accept of a 2xx that says what Graph says
// elsewhere with this status: an empty list is 404.
type meant int

// Error describes it for the log.
func (m meant) Error() string { return fmt.Sprintf("the reply means %d", int(m)) }

// welcome takes a 2xx as success only with what was asked for in it.
func (x *exchange) welcome(call meeting.Call, failed *Error, body []byte) {
	if failed.Err != nil { // cut off
		x.record(call, noAnswer, failed)
		return
	}
	var status meant
	switch failed.Err = x.accept(call.Status, body); {
	case failed.Err == nil:
		x.calls, x.failed = append(x.calls, call), nil
	case errors.As(failed.Err, &status):
		failed.Status = int(status)
		v, _ := judge(x.operation, failed.Status, []string{""}) // as Graph's own
		x.record(call, v, failed)
	default:
		x.record(call, garbled, failed)
	}
}

// record notes a failed try. A read is never unsure of having changed something.
func (x *exchange) record(call meeting.Call, v verdict, failed *Error) {
	call.Unsure = v.kind == Unsure && x.method != http.MethodGet
	x.calls = append(x.calls, call)
	failed.Kind, failed.Reason = v.kind, v.reason
	failed.Code, failed.Message, failed.Claims = call.Code, call.Message, call.Claims
	failed.RequestID, failed.ClientRequestID, failed.Date = call.RequestID, call.ClientRequestID, call.Date
	x.failed, x.again = failed, v.again
}

// newRequestID returns a UUID that begins with the time (RFC 9562, version 7):
// the record of calls is searched by it, and an index of what rises is cheap.
func newRequestID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the machine has no random numbers
	}
	return id.String()
}
