package graph

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	defaultTries = 3
	defaultPause = 300 * time.Millisecond
	longestTold  = 24 * time.Hour // a Retry-After beyond it counts as this
)

// operation is what is asked of Graph.
type operation struct {
	method     string
	path       string // below BaseURL, escaped
	body       []byte // nil for none
	repeatable bool   // a second time does what the first did, and no more
}

// do runs the operation: at most MaxTries tries, within ctx's deadline.
func (c *Client) do(ctx context.Context, token string, op operation) (Result, error) {
	x := &exchange{operation: op, now: c.now}
	err := errors.New("no meeting id")
	if !strings.HasSuffix(op.path, "/") {
		err = c.run(ctx, token, x)
	}
	switch {
	case len(x.calls) == 0: // not even begun
		return Result{}, &Error{Kind: NotSent, Reason: unreachable.reason, Err: err}
	case x.failed != nil:
		return Result{Calls: x.calls}, x.outcome()
	}
	return Result{Reply: x.reply, Calls: x.calls}, nil
}

// run hands the tries to retryablehttp; what they came to is in x. Its error
// counts only where there was no try.
func (c *Client) run(ctx context.Context, token string, x *exchange) error {
	var body any
	if x.body != nil {
		body = x.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, x.method, strings.TrimRight(c.BaseURL, "/")+x.path, body)
	if err != nil {
		return err
	}
	setHeader(req.Header, token, body != nil)
	tries := c.MaxTries
	if tries <= 0 {
		tries = defaultTries
	}
	client := &retryablehttp.Client{
		HTTPClient: c.httpClient(x),
		RetryMax:   tries - 1,
		CheckRetry: func(ctx context.Context, _ *http.Response, _ error) (bool, error) {
			return x.goOn(ctx, c.Pause), nil
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
func (x *exchange) goOn(ctx context.Context, first time.Duration) bool {
	if x.failed == nil || ctx.Err() != nil || x.again == never || x.again == ifRepeatable && !x.repeatable {
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

// retryAfter reads the header, in seconds or as an HTTP date; 0 for none. A date
// counts from the reply's own Date, so that the two clocks need not agree.
func retryAfter(header http.Header, now time.Time) time.Duration {
	told := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(told, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(longestTold/time.Second))) * time.Second
	}
	until, err := http.ParseTime(told)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), longestTold)
}

// outcome is the last try's failure, Unsure if any try may have taken effect:
// a later refusal does not undo an earlier creation.
func (x *exchange) outcome() *Error {
	for _, call := range x.calls {
		if call.Unsure {
			x.failed.Kind = Unsure
		}
	}
	return x.failed
}
