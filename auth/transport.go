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
	// keysInterval is how long the desk reuses the result of the last request for the key
	// set, even if that request failed. The library requests the key set again whenever it
	// cannot verify a signature.
	keysInterval = 5 * time.Second
)

// transport limits the size of the provider's responses and the rate of requests for its
// key set.
type transport struct {
	base     http.RoundTripper
	provider *Provider

	turn sync.Mutex // held during a request for the key set, so that concurrent callers share its result
	keys keysResult
}

type keysResult struct {
	response http.Response // without its body
	body     []byte
	err      error
	at       time.Time // when the request ended; zero before the first request
}

// RoundTrip sends the request and returns the response. If the request is for the key set
// and the last result is recent, RoundTrip returns that result instead. If another such
// request is running, RoundTrip waits for its result. The wait cannot exceed the HTTP
// client's timeout, which limits every request.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	found := t.provider.found.Load()
	if found == nil || r.Method != http.MethodGet || r.URL.String() != found.Keys {
		return t.send(r)
	}
	last := t.lastKeys(r)
	if last.err != nil {
		return nil, last.err
	}
	resp := last.response
	resp.Body, resp.Request = io.NopCloser(bytes.NewReader(last.body)), r
	return &resp, nil
}

func (t *transport) send(r *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxResponse)
	return resp, nil
}

// lastKeys returns the result of the last request for the key set. If it is too old to be
// reused, lastKeys requests the key set again.
func (t *transport) lastKeys(r *http.Request) keysResult {
	t.turn.Lock()
	defer t.turn.Unlock()
	age := t.provider.cfg.Now().Sub(t.keys.at)
	if t.keys.at.IsZero() || age < 0 || age >= keysInterval { // a negative age means that the clock was set back
		t.keys = t.requestKeys(r)
	}
	return t.keys
}

func (t *transport) requestKeys(r *http.Request) (result keysResult) {
	var resp *http.Response
	if resp, result.err = t.send(r); result.err == nil {
		result.response = *resp
		result.body, result.err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
	}
	result.at = t.provider.cfg.Now()
	return result
}
