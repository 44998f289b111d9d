package graph

import (
	"context"
	"net"
	"net/http"
	"time"

	"meetdesk/meeting"
)

// Client calls Microsoft Graph. Set its fields before the first call. Afterwards it is
// safe for concurrent use.
type Client struct {
	BaseURL  string                      // including the version, such as https://graph.microsoft.com/v1.0
	BetaURL  string                      // https://graph.microsoft.com/beta, used only for meetings in channels; "" turns beta off
	HTTP     *http.Client                // nil means a default client
	MaxTries int                         // the maximum number of HTTP tries per operation; 0 means 3
	Pause    time.Duration               // the pause before the second try; later pauses are longer; 0 means 0.3 s
	Now      func() time.Time            // the clock for recorded times, but not for pauses; nil means time.Now
	MayTry   func(context.Context) error // called before each try; an error ends the operation; may be nil
	OnWait   func(Wait)                  // called for each error response with Retry-After, even if no try follows; may be nil
	OnCall   func(context.Context, Call) // called after each try; may be nil
}

// Call describes one try for OnCall.
type Call struct {
	Endpoint string // such as onlineMeetings/createOrGet
	Retry    int    // 0 for the first try of an operation
	Status   int    // 0 if there was no response
	Duration time.Duration
}

// Wait describes the delay that a response requests with Retry-After.
type Wait struct {
	For    time.Duration // at most 24 hours
	Status int
	Scope  string // the scope of Graph's throttling, from x-ms-throttle-scope; often ""
}

// Result is the outcome of an operation on a meeting.
type Result struct {
	Reply meeting.Reply  // zero after an error or a removal
	Calls []meeting.Call // every HTTP try, oldest first, even if there is an error
}

// dialTimeout and tlsTimeout leave time for a second try within ten seconds. tryTimeout
// applies if the context has no earlier deadline.
const (
	dialTimeout = 3 * time.Second
	tlsTimeout  = 3 * time.Second
	tryTimeout  = 30 * time.Second
)

// defaultHTTP is shared by all Clients without an HTTP client of their own, so that they
// reuse connections.
var defaultHTTP = &http.Client{Transport: newTransport(), Timeout: tryTimeout}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: onProxyConnect,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    tlsTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        60 * time.Second,
		ExpectContinueTimeout:  time.Second,
	}
}

// httpClient returns the configured client with x as its transport. It follows no
// redirects, because a redirect could send the token to another host.
func (c *Client) httpClient(x *exchange) *http.Client {
	base := c.HTTP
	if base == nil {
		base = defaultHTTP
	}
	client := *base
	x.transport = client.Transport
	if x.transport == nil {
		x.transport = http.DefaultTransport
	}
	client.Transport = x
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now().UTC()
	}
	return time.Now().UTC()
}
