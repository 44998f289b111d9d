package auth

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// firstPause is the pause after the first failed request for the metadata. The pause
	// doubles after each further failure, up to maxPause.
	firstPause = time.Second
	maxPause   = 5 * time.Second
	// sharedTimeout is how long a caller waits for a request that another caller began.
	sharedTimeout = 2 * time.Second
)

// discovery requests the provider's metadata, one request at a time. Until a request
// fails, every caller waits for the current request. After a failure, only the caller that
// begins a new request waits for it. The other callers get the last error.
type discovery struct {
	mu     sync.Mutex
	ended  chan struct{} // closed when the current request ends; nil if no request is running
	failed int           // number of consecutive failed requests
	err    error         // error of the last request
	next   time.Time     // when the next request may be sent
}

// wait returns the provider's metadata or the error of the last request. It returns a
// timeout error if the current request takes too long.
func (d *discovery) wait(ctx context.Context, p *Provider) (*discovered, error) {
	ended, began, err := d.join(p)
	if err != nil {
		return nil, err
	}
	timeout := sharedTimeout
	if began {
		timeout = time.Minute // the request itself has a shorter timeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errors.New("another caller's discovery takes long"))
	defer cancel()
	select {
	case <-ended:
	case <-ctx.Done():
		return nil, unavailable(context.Cause(ctx))
	}
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return nil, d.err
}

// join returns a channel that is closed when the current request ends. began reports
// whether this caller began that request. After a failure, join returns the last error
// unless this caller begins a new request.
func (d *discovery) join(p *Provider) (ended <-chan struct{}, began bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch left := d.next.Sub(p.cfg.Now()); {
	case d.ended != nil && d.failed == 0:
		return d.ended, false, nil
	case d.ended != nil:
		return nil, false, d.err
	case d.failed > 0 && left > 0 && left <= maxPause: // a longer pause means that the clock was set back
		return nil, false, d.err
	}
	d.ended = make(chan struct{})
	// The request continues even if this caller stops waiting, because other callers may
	// be waiting for it.
	go d.run(p, d.ended)
	return d.ended, true, nil
}

func (d *discovery) run(p *Provider, ended chan struct{}) {
	found, err := p.fetch(context.Background()) // the HTTP client has a timeout
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		p.found.Store(found)
	} else {
		d.next = p.cfg.Now().Add(min(firstPause<<min(d.failed, 10), maxPause))
		d.failed++
	}
	d.err, d.ended = err, nil
	close(ended)
}
