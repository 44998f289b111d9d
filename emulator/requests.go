package emulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// keptRequests bounds the memory of an emulator that runs for weeks.
const keptRequests = 1000

// Request is one request that the Graph side received, whatever became of it.
type Request struct {
	Method string
	Path   string // unescaped, with the version, such as "/v1.0/me"
	Query  string // as sent
	Header http.Header
	Body   []byte // decompressed
	At     time.Time
}

// requestLog keeps the last requests.
type requestLog struct {
	mu   sync.Mutex
	list []Request
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == keptRequests {
		l.list = slices.Delete(l.list, 0, 1)
	}
	l.list = append(l.list, r)
}

// Requests returns what Graph was asked, oldest first: the last 1,000. Times
// are by the emulator's clock.
func (e *Emulator) Requests() []Request {
	e.requests.mu.Lock()
	defer e.requests.mu.Unlock()
	return slices.Clone(e.requests.list)
}
