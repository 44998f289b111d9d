package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// proxyError reports that a proxy refused a CONNECT request. Nothing was sent to Graph.
type proxyError struct {
	status      int
	proxy       string
	contentType string
}

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s refused to connect: status %d, %s", e.proxy, e.status, e.contentType)
}

// onProxyConnect returns a proxyError if the proxy refused the connection. Without this
// callback, the error from http.Transport would contain only the status text.
func onProxyConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{status: resp.StatusCode, proxy: proxy.Redacted(), contentType: contentType(resp)}
}

func proxyStatus(err error) int {
	var refused *proxyError
	if errors.As(err, &refused) {
		return refused.status
	}
	return 0
}
