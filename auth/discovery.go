package auth

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// firstPause is how long the provider is left alone after a failed request for
	// its endpoints. The pause doubles after each further failure, up to longestWait.
	firstPause  = time.Second
	longestWait = 30 * time.Second
	// othersWait is how long a person waits for somebody else's request.
	othersWait = 2 * time.Second
)

// discovery asks the provider for its endpoints, one request at a time. Before the first
// failure everybody waits for the request that is under way. After a failure only the
// person who tries again waits, and the others get the last error at once.
type discovery struct {
	mu     sync.Mutex
	ended  chan struct{} // closed when the current request ends; nil without one
	failed int           // requests in a row
	err    error         // of the last one
	next   time.Time     // when to try again
}

// wait returns the provider's endpoints, or the error of the last request for them.
func (d *discovery) wait(ctx context.Context, p *Provider) (*discovered, error) {
	ended, mine, err := d.join(p)
	if err != nil {
		return nil, err
	}
	patience := othersWait
	if mine {
		patience = time.Minute // the request has a time limit of its own
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("somebody else's discovery takes long"))
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

// join returns a channel that closes when the request under way ends, and whether this
// caller began the request. While the provider is left alone it returns the last error.
func (d *discovery) join(p *Provider) (ended <-chan struct{}, mine bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch left := d.next.Sub(p.cfg.Now()); {
	case d.ended != nil && d.failed == 0:
		return d.ended, false, nil
	case d.ended != nil:
		return nil, false, d.err
	case d.failed > 0 && left > 0 && left <= longestWait: // more is a clock that was set back
		return nil, false, d.err
	}
	d.ended = make(chan struct{})
	// Whoever asked may leave: the answer is for everybody.
	go d.ask(p, d.ended)
	return d.ended, true, nil
}

func (d *discovery) ask(p *Provider, ended chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), longestWait)
	defer cancel()
	found, err := p.fetch(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		p.found.Store(found)
	} else {
		d.next = p.cfg.Now().Add(min(firstPause<<min(d.failed, 10), longestWait))
		d.failed++
	}
	d.err, d.ended = err, nil
	close(ended)
}
