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

// operation is what is asked of Graph.
type operation struct {
	base       string // with the version; "" for BaseURL
	method     string
	path       string       // below base, escaped; "" where it lacks an ID: nothing is sent
	token      string       // "" is nobody's: nothing is sent
	mode       meeting.Mode // whose token it is; "" where that does not matter
	header     http.Header  // in addition
	body       []byte       // nil for none
	repeatable bool         // a second time does what the first did, and no more
	tries      int          // at most; 0 for MaxTries

	// accept takes the body of a 2xx. Its error says that it is not what was
	// asked for: one of meant is judged by that status, any other is garbled.
	accept func(status int, body []byte) error
}

// What is refused before anything is sent.
var (
	errNoID    = errors.New("no id, or none that Graph takes")
	errNoToken = errors.New("no token")
	errNoLink  = errors.New("no join link")
)

// unsent is the error of an operation of which no try was made.
func (v verdict) unsent(err error) *Error {
	return &Error{Kind: NotSent, Reason: v.reason, Err: err}
}

// do runs the operation: at most MaxTries tries, within ctx's deadline. It
// returns every try, and an *Error unless the last one was accepted.
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
	x := &exchange{operation: op, now: c.now, onWait: c.OnWait}
	switch err := c.run(ctx, x); {
	case len(x.calls) == 0: // not even begun
		return nil, unreachable.unsent(err)
	case x.failed != nil:
		return x.calls, x.finalError()
	}
	return x.calls, nil
}

// run hands the tries to retryablehttp; what they came to is in x. Its error
// counts only where there was no try.
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
		_ = resp.Body.Close() // it has been read; this stops the client's timer
	}
	return err
}

// tries returns how many HTTP tries an operation gets that wants at most so many.
func (c *Client) tries(most int) int {
	tries := c.MaxTries
	if tries <= 0 {
		tries = defaultTries
	}
	if most > 0 {
		tries = min(tries, most)
	}
	return tries
}

func setHeader(h http.Header, token string, body bool) {
	h.Set("Authorization", "Bearer "+token)
	h.Set("Accept", "application/json")
	h.Set("Prefer", "include-unknown-enum-members") // else a coorganizer reads unknownFutureValue
	h.Set("return-client-request-id", "true")
	h.Set("User-Agent", "meetdesk")
	if body {
		h.Set("Content-Type", "application/json")
	}
}

// goOn reports whether another try may follow the last, and sets the pause
// before it. A pause that ctx's deadline would cut short is not begun.
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

// backOff returns the pause after so many tries: 0.3 s, then 0.9 s, each a
// quarter more or less, so that many desks do not come back at one moment.
func backOff(first time.Duration, tries int) time.Duration {
	if first <= 0 {
		first = defaultPause
	}
	for range tries - 1 {
		first *= 3
	}
	return time.Duration(float64(first) * (0.75 + rand.Float64()/2))
}

// outcome is the last try's failure, Unsure if any try may have taken effect:
// a later refusal does not undo an earlier creation.
func (x *exchange) finalError() *Error {
	for _, call := range x.calls {
		if call.Unsure {
			x.failed.Kind = Unsure
		}
	}
	return x.failed
}
