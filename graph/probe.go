package graph

import (
	"context"
	"net/http"
	"time"

	"meetdesk/meeting"
)

// Probe is the result of Client.Probe.
type Probe struct {
	URL     string
	IsGraph bool // whether the response is a 401 with Graph's error document
	Call    meeting.Call
	Err     error // set if there was no response
}

// Probe requests /me without a token. A 401 with Graph's error document shows that the
// response did not come from a web filter.
func (c *Client) Probe(ctx context.Context) (p Probe) {
	p.URL = c.BaseURL + "/me"
	begun := c.now()
	p.Call = meeting.Call{Method: http.MethodGet, StartedAt: begun}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		p.Err = err
		return p
	}
	base := c.HTTP
	if base == nil {
		base = defaultHTTP
	}
	client := *base
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	started := time.Now()
	resp, err := client.Do(r)
	p.Call.Duration = time.Since(started)
	if err != nil {
		p.Err = err
		return p
	}
	body, _ := readBody(resp) // a truncated body is not recognized as Graph's document
	p.Call.Status, p.Call.Date = resp.StatusCode, resp.Header.Get("Date")
	document, ok := parseError(body)
	p.IsGraph = resp.StatusCode == http.StatusUnauthorized && ok && document.Code.text == "InvalidAuthenticationToken"
	if !p.IsGraph {
		p.Call = describeForeign(p.Call, resp, body)
	}
	return p
}
