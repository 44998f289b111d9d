package graph

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// maxBody is the maximum number of bytes read from a response. A longer response is cut
// off, so it cannot be parsed. A meeting with 750 attendees takes about 200 KB.
const maxBody = 4 << 20

// exchange is an http.RoundTripper that performs one operation and records its tries. It
// classifies a response only after reading the body, because the body may be truncated.
type exchange struct {
	operation
	transport http.RoundTripper
	now       func() time.Time
	mayTry    func(context.Context) error
	onWait    func(Wait)
	onCall    func(context.Context, Call)

	calls  []meeting.Call
	failed *Error // the error from the last try; nil if that try succeeded
	retry  retryRule
	pause  time.Duration
}

// RoundTrip makes and records one try with its own client-request-id. It sends nothing if
// the context is done or MayTry returns an error.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if x.mayTry != nil {
		if err := x.mayTry(req.Context()); err != nil {
			if req.Context().Err() == nil {
				x.forbid(err)
			}
			return nil, err
		}
	}
	var reached progress
	req = req.Clone(httptrace.WithClientTrace(req.Context(), reached.trace()))
	call := meeting.Call{Method: req.Method, ClientRequestID: newRequestID(), StartedAt: x.now()}
	req.Header.Set("client-request-id", call.ClientRequestID)

	begun, retry := time.Now(), len(x.calls)
	defer func() {
		if x.onCall != nil && len(x.calls) > retry {
			made := x.calls[retry]
			x.onCall(req.Context(), Call{Endpoint: x.endpoint, Retry: retry, Status: made.Status, Duration: made.Duration})
		}
	}()
	resp, err := x.transport.RoundTrip(req)
	if err != nil {
		call.Duration, call.Status = time.Since(begun), proxyStatus(err)
		x.record(call, reached.verdict(err), &Error{Status: call.Status, Err: err})
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close() // the body of a 101 is the raw connection, which never ends
		resp.Body = http.NoBody
	}
	body, err := readBody(resp)
	call.Duration = time.Since(begun)
	body = x.withoutToken(resp, body)
	resp.Body = io.NopCloser(bytes.NewReader(body)) // for retryablehttp, which reads the body again
	x.judgeResponse(call, resp, body, err)
	return resp, nil
}

func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

// withoutToken removes the token from the response's headers and returns the body
// without the token. Some servers echo the request, and responses are stored and logged.
func (x *exchange) withoutToken(resp *http.Response, body []byte) []byte {
	if x.token == "" {
		return body
	}
	for _, values := range resp.Header {
		for i, value := range values {
			values[i] = strings.ReplaceAll(value, x.token, "…")
		}
	}
	return bytes.ReplaceAll(body, []byte(x.token), []byte("…"))
}

// record records a failed try. A GET cannot have changed anything, so its call is never
// marked Unsure.
func (x *exchange) record(call meeting.Call, v verdict, failed *Error) {
	call.Unsure = v.kind == Unsure && x.method != http.MethodGet
	x.calls = append(x.calls, call)
	failed.Kind, failed.Reason = v.kind, v.reason
	failed.Code, failed.Message, failed.Claims = call.Code, call.Message, call.Claims
	failed.RequestID, failed.ClientRequestID, failed.Date = call.RequestID, call.ClientRequestID, call.Date
	x.failed, x.retry = failed, v.retry
}

// forbid ends the operation with the error that MayTry returned.
func (x *exchange) forbid(err error) {
	reason := meeting.ReasonDesk
	var known *meeting.Error
	if errors.As(err, &known) && known.Key.OfAttempt() {
		reason = known.Key
	}
	x.failed, x.retry = &Error{Kind: NotSent, Reason: reason, Err: err}, neverRetry
}

func (x *exchange) reportWait(resp *http.Response, wait time.Duration) {
	if x.onWait != nil {
		x.onWait(Wait{For: wait, Status: resp.StatusCode, Scope: meeting.CutLine(resp.Header.Get("x-ms-throttle-scope"), maxCode)})
	}
}

// newRequestID returns a UUID that begins with the time (RFC 9562, version 7). Ascending
// IDs are cheap to insert into the calls table's index.
func newRequestID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the random source failed
	}
	return id.String()
}
