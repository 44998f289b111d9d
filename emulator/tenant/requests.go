package tenant

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

const maxRequests = 1000

// Request is a request that Graph received, whether or not it succeeded.
type Request struct {
	Method string
	Path   string // unescaped, with the version, such as "/v1.0/me"
	Query  string // as sent
	Header http.Header
	Body   []byte // decompressed
	At     time.Time
}

type requestLog struct {
	mu   sync.Mutex
	list []Request
}

// LogRequest adds a request to the log that Requests returns. It sets At to the current
// time on the tenant's clock.
func (t *Tenant) LogRequest(r Request) {
	r.At = t.Now()
	l := &t.requests
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == maxRequests {
		l.list = slices.Delete(l.list, 0, 1)
	}
	l.list = append(l.list, r)
}

// Requests returns the most recent requests to Graph, at most 1,000, oldest first.
func (t *Tenant) Requests() []Request {
	t.requests.mu.Lock()
	defer t.requests.mu.Unlock()
	return slices.Clone(t.requests.list)
}
