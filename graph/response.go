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

// judgeResponse records the outcome of one try. err is the error that occurred while
// reading the body, if any.
func (x *exchange) judgeResponse(call meeting.Call, resp *http.Response, body []byte, err error) {
	call.Status = resp.StatusCode
	call.RequestID = meeting.CutLine(resp.Header.Get("request-id"), maxCode)
	call.Date = meeting.CutLine(resp.Header.Get("Date"), maxCode)
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
		call.RequestID = meeting.CutLine(inner.RequestID, maxCode)
	}
	claims := challengeOf(resp)
	if claims == "" && (call.RequestID == "" || !isGraphs && !isBareBearerRefusal(resp, body)) {
		failed.Origin = originOf(resp)
		x.record(describeForeign(call, resp, body), notFromGraphVerdict(call.Status), failed)
		return
	}
	codes := document.codes()
	if claims != "" { // the header is more specific than the document
		codes = slices.Insert(codes, 0, codeChallenge)
	}
	v, code := judge(x.operation, resp.StatusCode, codes)
	call.Code, call.Message = meeting.CutLine(code, maxCode), meeting.CutLine(document.Message, 500)
	if inner.Date != "" {
		call.Date = meeting.CutLine(inner.Date, maxCode)
	}
	if x.mode != meeting.Application { // only a user can satisfy a claims challenge
		call.Claims = claims
	}
	x.record(call, v, failed)
}

// isBareBearerRefusal reports whether the response is a 401 with an empty body and a Bearer
// challenge. Proxies do not send this challenge.
func isBareBearerRefusal(resp *http.Response, body []byte) bool {
	return resp.StatusCode == http.StatusUnauthorized && len(bytes.TrimSpace(body)) == 0 && asksForBearer(resp.Header)
}

// impliedStatus is the error that operation.accept returns if a 2xx response must be
// treated as if it had another status. For example, an empty list means 404.
type impliedStatus int

func (m impliedStatus) Error() string { return fmt.Sprintf("the response implies status %d", int(m)) }

var errEmptyResponse = errors.New("empty response without a request-id")

// acceptSuccess accepts a 2xx response if it contains what was requested. The empty
// response to a DELETE must have a request-id, which shows that it came from Graph.
func (x *exchange) acceptSuccess(call meeting.Call, failed *Error, resp *http.Response, body []byte) {
	if failed.Err != nil { // the body was cut off
		x.record(call, noResponse, failed)
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
		failed.Origin = originOf(resp)
		x.record(describeForeign(call, resp, body), notFromGraphVerdict(call.Status), failed)
	case errors.As(failed.Err, &status):
		failed.Status = int(status)
		v, _ := judge(x.operation, failed.Status, nil)
		x.record(call, v, failed)
	default:
		failed.Origin = originOf(resp)
		x.record(describeForeign(call, resp, body), garbled, failed)
	}
}
