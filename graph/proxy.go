package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// proxyError is a proxy's refusal to connect the desk to Graph. The request itself was
// not sent.
type proxyError struct {
	status      int
	proxy       string
	contentType string
}

// Error describes the refusal for the log.
func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s refused to connect: status %d, %s", e.proxy, e.status, e.contentType)
}

// onProxyConnect turns a proxy's refusal into a proxyError. http.Transport itself keeps
// only the status text.
func onProxyConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{status: resp.StatusCode, proxy: proxy.Redacted(), contentType: contentType(resp)}
}

// proxyStatus returns the status of a proxyError, or 0 for any other error.
func proxyStatus(err error) int {
	var refused *proxyError
	if errors.As(err, &refused) {
		return refused.status
	}
	return 0
}
