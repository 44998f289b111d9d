package graph

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptrace"
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
	onWait    func(Wait)

	calls  []meeting.Call
	failed *Error    // of the last try; nil where it succeeded
	retry  retryRule // what the last failure allows
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
		call.Duration, call.Status = time.Since(begun), proxyStatus(err)
		x.record(call, came.verdict(err), &Error{Status: call.Status, Err: err})
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close() // it is the bare connection, which nothing would ever end
		resp.Body = http.NoBody
	}
	body, err := readBody(resp)
	call.Duration = time.Since(begun)
	resp.Body = io.NopCloser(bytes.NewReader(body)) // retryablehttp drains it
	x.judgeResponse(call, resp, body, err)
	return resp, nil
}

// readBody reads and closes the body, so that its connection can be used again.
func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	return io.ReadAll(io.LimitReader(resp.Body, maxBody))
}

// record notes a failed try. A read is never unsure of having changed something.
func (x *exchange) record(call meeting.Call, v verdict, failed *Error) {
	call.Unsure = v.kind == Unsure && x.method != http.MethodGet
	x.calls = append(x.calls, call)
	failed.Kind, failed.Reason = v.kind, v.reason
	failed.Code, failed.Message, failed.Claims = call.Code, call.Message, call.Claims
	failed.RequestID, failed.ClientRequestID, failed.Date = call.RequestID, call.ClientRequestID, call.Date
	x.failed, x.retry = failed, v.retry
}

// tell passes on for how long the answer asks to wait.
func (x *exchange) reportWait(resp *http.Response, wait time.Duration) {
	if x.onWait != nil {
		x.onWait(Wait{For: wait, Status: resp.StatusCode, Scope: oneLine(resp.Header.Get("x-ms-throttle-scope"), maxCode)})
	}
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
