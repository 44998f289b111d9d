package emulator

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Failure is what goes wrong with one request, or with several. Its parts combine: first the
// waiting (Hold, Delay), then the effect (Apply), then the answer (Status, Code,
// Message, Header, Body), and last the way it travels (Drop, CutBody).
//
// Without Status and Body the route answers as always, only late or cut short.
type Failure struct {
	Status  int    // instead of the real answer; Body alone means 200
	Code    string // of the error document; "" is the usual one for Status
	Message string
	Header  http.Header // in addition, such as Retry-After

	Body        string // sent as it is, instead of an error document
	ContentType string // of Body; "" is text/html

	Apply   bool // the request takes effect at once, although its answer comes late, is replaced or dropped
	Drop    bool // the connection is cut without an answer. Go's client repeats a GET after that
	CutBody bool // the connection is cut in the middle of the body

	Times int // how many requests in a row fail like this; 0 is one

	Delay time.Duration
	Hold  <-chan struct{} // waits until it is closed or sends, or the client goes
}

// replaces reports whether the real answer is not to be seen.
func (f Failure) replaces() bool { return f.Status != 0 || f.Body != "" || f.Drop }

// wait returns false when the client went away meanwhile.
func (f Failure) wait(ctx context.Context) bool {
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-ctx.Done():
			return false
		}
	}
	return pause(ctx, f.Delay)
}

// answer returns what is sent instead of the real answer. Refuse makes the
// error document of the side that fails.
func (f Failure) answer(refuse func(Failure) answer) answer {
	var a answer
	if f.Body == "" {
		a = refuse(f)
	} else {
		a = f.verbatim()
	}
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	return a
}

func (f Failure) verbatim() answer {
	a := answer{status: f.Status, header: http.Header{}, body: []byte(f.Body)}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.header.Set("Content-Type", "text/html; charset=utf-8")
	if f.ContentType != "" {
		a.header.Set("Content-Type", f.ContentType)
	}
	return a
}

// pause waits for d, and returns false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// failures queues what is to go wrong, for each route on its own.
type failures struct {
	mu     sync.Mutex
	routes []string // that exist; fixed after New
	queue  map[string][]Failure
}

// FailNext makes the next request of a route fail as f says; several calls
// queue up. A route is written like "POST /me/onlineMeetings/createOrGet" or
// "POST /token", in the same way for both versions of Graph. FailNext panics
// when there is no such route, for a test that misspells one would prove
// nothing.
func (e *Emulator) FailNext(route string, f Failure) {
	q := &e.failures
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(q.routes, route) {
		panic(fmt.Sprintf("emulator: no route %q; there are %q", route, q.routes))
	}
	if q.queue == nil {
		q.queue = map[string][]Failure{}
	}
	q.queue[route] = append(q.queue[route], f)
}

func (q *failures) next(route string) (Failure, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.queue[route]
	if len(waiting) == 0 {
		return Failure{}, false
	}
	if waiting[0].Times > 1 {
		waiting[0].Times--
		return waiting[0], true
	}
	q.queue[route] = waiting[1:]
	return waiting[0], true
}

// serve sends what act returns, unless a failure is queued for route.
func (e *Emulator) serve(w http.ResponseWriter, r *http.Request, route string, refuse func(Failure) answer, act func() answer) {
	f, failing := e.failures.next(route)
	if !failing {
		act().write(w)
		return
	}
	var a answer
	if f.Apply { // at once: what is late then is the answer
		a = act()
	}
	if !f.wait(r.Context()) {
		return
	}
	if !f.Apply && !f.replaces() {
		a = act()
	}
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	if f.replaces() {
		a = f.answer(refuse)
	}
	if f.CutBody {
		a.cut(w)
	}
	a.write(w)
}
