package graph

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"meetdesk/meeting"
)

const (
	defaultTries = 3
	defaultPause = 300 * time.Millisecond
)

// operation is a request to Graph that may be tried several times.
type operation struct {
	endpoint   string // the name that is passed to OnCall; always a constant
	base       string // the base URL, including the version; "" means the client's BaseURL
	method     string
	path       string       // the escaped path below base; if it is "", nothing is sent
	token      string       // if it is "", nothing is sent
	mode       meeting.Mode // the mode of the token; "" if the mode does not matter
	header     http.Header
	body       []byte // nil if the request has no body
	repeatable bool   // whether the operation is idempotent
	tries      int    // the maximum number of tries; 0 means MaxTries

	// accept parses the body of a 2xx response and returns an error if the body is not what
	// was requested. An impliedStatus replaces the response's status. Any other error means
	// that the response is garbled.
	accept func(status int, body []byte) error
}

// Errors that prevent an operation from being sent.
var (
	errNoID    = errors.New("no ID, or one that Graph does not take")
	errNoToken = errors.New("no token")
	errNoLink  = errors.New("no join link")
)

func (v verdict) unsent(err error) *Error {
	return &Error{Kind: NotSent, Reason: v.reason, Err: err}
}

// do runs the operation within ctx's deadline. It returns all calls and, unless the last
// one succeeded, an *Error.
func (c *Client) do(ctx context.Context, op operation) ([]meeting.Call, error) {
	switch {
	case op.path == "":
		return nil, unusable.unsent(errNoID)
	case op.token == "":
		return nil, unusable.unsent(errNoToken)
	}
	if op.base == "" {
		op.base = c.BaseURL
	}
	x := &exchange{operation: op, now: c.now, mayTry: c.MayTry, onWait: c.OnWait, onCall: c.OnCall}
	switch err := c.run(ctx, x); {
	case x.failed != nil:
		return x.calls, x.finalError()
	case ctx.Err() != nil && len(x.calls) == 0:
		return nil, late.unsent(ctx.Err())
	case len(x.calls) == 0:
		return nil, unreachable.unsent(err)
	}
	return x.calls, nil
}

// run sends the operation with retryablehttp. The result of each try is recorded in x, so
// the error matters only if no request was sent.
func (c *Client) run(ctx context.Context, x *exchange) error {
	var body any
	if x.body != nil {
		body = x.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, x.method, strings.TrimRight(x.base, "/")+x.path, body)
	if err != nil {
		return err
	}
	setHeader(req.Header, x.token, body != nil)
	maps.Copy(req.Header, x.header)
	client := &retryablehttp.Client{
		HTTPClient: c.httpClient(x),
		RetryMax:   c.tries(x.tries) - 1,
		CheckRetry: func(ctx context.Context, _ *http.Response, _ error) (bool, error) {
			return x.shouldRetry(ctx, c.Pause), nil
		},
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return x.pause },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := client.Do(req)
	if resp != nil {
		_ = resp.Body.Close() // the body has been read; closing it stops the client's timer
	}
	return err
}

func (c *Client) tries(limit int) int {
	tries := c.MaxTries
	if tries <= 0 {
		tries = defaultTries
	}
	if limit > 0 {
		tries = min(tries, limit)
	}
	return tries
}

func setHeader(h http.Header, token string, body bool) {
	h.Set("Authorization", "Bearer "+token)
	h.Set("Accept", "application/json")
	h.Set("Prefer", "include-unknown-enum-members") // without this header, the role of a co-organizer is unknownFutureValue
	h.Set("return-client-request-id", "true")
	h.Set("User-Agent", "meetdesk")
	if body {
		h.Set("Content-Type", "application/json")
	}
}

// shouldRetry reports whether to try again and sets the pause before the next try. It
// returns false if the pause would not end before ctx's deadline.
func (x *exchange) shouldRetry(ctx context.Context, first time.Duration) bool {
	if x.failed == nil || ctx.Err() != nil || x.retry == neverRetry || x.retry == retryIfRepeatable && !x.repeatable {
		return false
	}
	x.pause = x.failed.RetryAfter
	if x.pause == 0 {
		x.pause = backOff(first, len(x.calls))
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > x.pause
}

// backOff returns the pause after the given number of tries. The first pause is 0.3 s by
// default, and each further pause is three times as long. Pauses vary randomly by up to a
// quarter so that desks do not retry simultaneously.
func backOff(first time.Duration, tries int) time.Duration {
	if first <= 0 {
		first = defaultPause
	}
	for range tries - 1 {
		first *= 3
	}
	return time.Duration(float64(first) * (0.75 + rand.Float64()/2))
}

// finalError returns the last try's failure. Its Kind is Unsure if any try may have taken
// effect, because a later refusal does not undo that effect.
func (x *exchange) finalError() *Error {
	for _, call := range x.calls {
		if call.Unsure {
			x.failed.Kind = Unsure
		}
	}
	return x.failed
}
