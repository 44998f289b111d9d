package graph

import (
	"net"
	"net/http"
	"time"

	"meetdesk/meeting"
)

// Client calls Microsoft Graph. Its fields are set before the first call; after
// that it is safe for concurrent use.
type Client struct {
	BaseURL  string           // with the version: https://graph.microsoft.com/v1.0
	BetaURL  string           // https://graph.microsoft.com/beta, for meetings in channels alone; "" where it is not to be used
	HTTP     *http.Client     // nil for one that fits Graph; redirects are never followed, whatever it says
	MaxTries int              // HTTP tries of one operation; 0 for 3
	Pause    time.Duration    // before the second try where Graph named none, then trebled; 0 for 0.3 s
	Now      func() time.Time // the clock of what is recorded; nil for time.Now. Waits and deadlines are real time
	OnWait   func(Wait)       // is called with every wait that a response asks for, before the next try; may be nil
}

// Wait is what an answer with Retry-After asks for.
type Wait struct {
	For    time.Duration // 24 hours at the most
	Status int
	Scope  string // whom Graph's limit is about, as x-ms-throttle-scope names it; often ""
}

// Result is what an operation on a meeting came to.
type Result struct {
	Reply meeting.Reply  // without ID and MeetingID, which are the record's; zero with an error, and of a removal
	Calls []meeting.Call // every HTTP try, oldest first, with an error too
}

// The transport's limits are short so that a second try fits into the ten
// seconds for which a person waits. tryTimeout only bounds a caller without a
// deadline.
const (
	dialTimeout = 3 * time.Second
	tlsTimeout  = 3 * time.Second
	tryTimeout  = 30 * time.Second
)

// defaultHTTP is shared so that its connections are; nothing changes it.
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

// httpClient returns the client for one exchange: the configured one, with every try
// passing through x and no redirect followed, since a redirect could carry the
// token to another host.
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
