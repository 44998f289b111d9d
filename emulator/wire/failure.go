package wire

import (
	"context"
	"net/http"
	"time"
)

// Failure describes how the next requests to a route fail. Its parts are applied in
// this order: the effect (Apply), the wait (Hold, Delay), the response (Status, Code,
// Message, Header, Body), and a broken connection (Drop, CutBody). Without Apply, the
// request takes effect after the wait, and only if the normal response is sent.
//
// If none of Status, Body and Drop is set, the route sends its normal response, which may
// still be delayed or truncated.
type Failure struct {
	Status  int    // the status of the replacement response; 0 with a Body means 200
	Code    string // the code in the error document; "" means the usual code for Status
	Message string
	Header  http.Header // headers of the replacement response, such as Retry-After

	Body        string // if not "", sent instead of the error document
	ContentType string // the content type of Body; "" means text/html

	Apply   bool // the request takes effect immediately, even if its response is delayed, replaced or dropped
	Drop    bool // the connection is closed without a response; http.Client may retry a GET request
	CutBody bool // the connection is closed in the middle of the body

	Times int // the number of consecutive requests that fail; 0 means one

	Delay time.Duration
	Hold  <-chan struct{} // the request waits until Hold is closed or yields a value, or the client disconnects
}

func (f Failure) replaces() bool { return f.Status != 0 || f.Body != "" || f.Drop }

// wait waits until Hold allows the request to continue, and then for Delay. It returns
// false if the client disconnects first.
func (f Failure) wait(ctx context.Context) bool {
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-ctx.Done():
			return false
		}
	}
	return Pause(ctx, f.Delay)
}

// response returns the response that replaces the normal one. The refuse function builds
// the error document, whose format differs between Entra and Graph.
func (f Failure) response(refuse func(Failure) Response) Response {
	var r Response
	if f.Body == "" {
		r = refuse(f)
	} else {
		r = f.verbatim()
	}
	for name, values := range f.Header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	return r
}

func (f Failure) verbatim() Response {
	r := Response{Status: f.Status, Header: http.Header{}, Body: []byte(f.Body)}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	r.Header.Set("Content-Type", "text/html; charset=utf-8")
	if f.ContentType != "" {
		r.Header.Set("Content-Type", f.ContentType)
	}
	return r
}

// Pause waits for d. It returns false if ctx is done first.
func Pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
