package graph

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/retryafter"
)

// answer records what a response means; err is what reading its body came to.
func (x *exchange) judgeResponse(call meeting.Call, resp *http.Response, body []byte, err error) {
	call.Status = resp.StatusCode
	call.RequestID = oneLine(resp.Header.Get("request-id"), maxCode)
	call.Date = oneLine(resp.Header.Get("Date"), maxCode)
	failed := &Error{Status: resp.StatusCode, Err: err}
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		x.acceptSuccess(call, failed, resp, body)
		return
	}
	if failed.RetryAfter = retryafter.Of(resp.Header, time.Now()); failed.RetryAfter > 0 {
		call.RetryAt = call.StartedAt.Add(call.Duration + failed.RetryAfter)
		x.reportWait(resp, failed.RetryAfter)
	}
	document, isGraphs := parseError(body)
	inner := document.inner()
	if call.RequestID == "" {
		call.RequestID = oneLine(inner.RequestID, maxCode)
	}
	claims := challengeOf(resp)
	if claims == "" && (call.RequestID == "" || !isGraphs && !isBareBearerRefusal(resp, body)) {
		x.record(x.describeForeign(call, resp, body), notFromGraphVerdict(call.Status), failed)
		return
	}
	codes := document.codes()
	if claims != "" { // it is more specific than whatever the document says
		codes = slices.Insert(codes, 0, codeChallenge)
	}
	v, code := judge(x.operation, resp.StatusCode, codes)
	call.Code, call.Message = oneLine(code, maxCode), oneLine(document.Message, 500)
	if inner.Date != "" {
		call.Date = oneLine(inner.Date, maxCode)
	}
	if x.mode != meeting.Application { // a person can answer a challenge; nobody can for the program
		call.Claims = claims
	}
	x.record(call, v, failed)
}

// bearerOnly reports whether the response is a 401 without a body that asks for a Bearer
// token. No proxy asks for one.
func isBareBearerRefusal(resp *http.Response, body []byte) bool {
	return resp.StatusCode == http.StatusUnauthorized && len(bytes.TrimSpace(body)) == 0 && asksForBearer(resp.Header)
}

// meant is the error of an operation's accept for a 2xx response that means another
// status: an empty list means 404.
type impliedStatus int

// Error describes it for the log.
func (m impliedStatus) Error() string { return fmt.Sprintf("the reply means %d", int(m)) }

var errEmptyResponse = errors.New("an empty answer without a request-id")

// welcome accepts a 2xx response only if it contains what was asked for. A removal asks
// for nothing, so there the request-id must show that Graph answered.
func (x *exchange) acceptSuccess(call meeting.Call, failed *Error, resp *http.Response, body []byte) {
	if failed.Err != nil { // cut off
		x.record(call, noAnswer, failed)
		return
	}
	var status impliedStatus
	failed.Err = errEmptyResponse
	if call.RequestID != "" || len(bytes.TrimSpace(body)) > 0 {
		failed.Err = x.accept(call.Status, body)
	}
	switch {
	case failed.Err == nil:
		x.calls, x.failed = append(x.calls, call), nil
	case call.RequestID == "":
		x.record(x.describeForeign(call, resp, body), notFromGraphVerdict(call.Status), failed)
	case errors.As(failed.Err, &status):
		failed.Status = int(status)
		v, _ := judge(x.operation, failed.Status, nil)
		x.record(call, v, failed)
	default:
		x.record(x.describeForeign(call, resp, body), garbled, failed)
	}
}
