package auth

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// maxResponse is the maximum size of a response in bytes, after decompression.
	// Entra's largest response, the key set, is about 20 KB.
	maxResponse = 1 << 20
	// keysInterval is how long the desk reuses the last key set. The library requests
	// the key set again whenever it cannot verify a signature.
	keysInterval = 5 * time.Second
)

// transport limits the size of the provider's responses and the rate of requests for its
// key set.
type transport struct {
	base     http.RoundTripper
	provider *Provider

	mu      sync.Mutex
	keys    []byte // the last key set
	header  http.Header
	fetched time.Time // when the key set was received; zero without a key set
}

// RoundTrip sends the request and returns the response. If the request is for the key set
// and the last key set is recent, RoundTrip returns that key set without sending a request.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	found := t.provider.found.Load()
	isKeys := found != nil && r.Method == http.MethodGet && r.URL.String() == found.Keys
	if isKeys {
		if resp := t.recentKeys(r); resp != nil {
			return resp, nil
		}
	}
	resp, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxResponse)
	if !isKeys || resp.StatusCode != http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	t.keys, t.header, t.fetched = body, resp.Header, t.provider.cfg.Now()
	t.mu.Unlock()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// recentKeys returns the last key set as a response. It returns nil if there is no key set
// or if the last one is too old to be reused.
func (t *transport) recentKeys(r *http.Request) *http.Response {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := t.provider.cfg.Now().Sub(t.fetched)
	if t.fetched.IsZero() || age < 0 || age >= keysInterval { // a negative age means that the clock was set back
		return nil
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: t.header, Body: io.NopCloser(bytes.NewReader(t.keys)), ContentLength: int64(len(t.keys)), Request: r,
	}
}
