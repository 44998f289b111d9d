package wire

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// Failures queues failures for each route. The zero value has no routes. The methods may
// be called concurrently once all routes have been added.
type Failures struct {
	routes []string

	mu    sync.Mutex
	queue map[string][]Failure
}

// AddRoute adds a route for FailNext. Adding the same route again has no effect.
func (q *Failures) AddRoute(route string) {
	if !slices.Contains(q.routes, route) {
		q.routes = append(q.routes, route)
	}
}

// Routes returns the routes that can be made to fail, in the order in which they were
// added.
func (q *Failures) Routes() []string { return q.routes }

// FailNext makes the next request to a route, or the next f.Times requests, fail. If
// FailNext is called several times, the failures happen in the order of the calls.
// FailNext panics if the route does not exist, because a misspelled route would otherwise
// have no effect.
func (q *Failures) FailNext(route string, f Failure) {
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

// Clear removes every queued failure.
func (q *Failures) Clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.queue)
}

// Queued returns the failures that have not happened yet, by route. A route without
// failures may be missing.
func (q *Failures) Queued() map[string][]Failure {
	q.mu.Lock()
	defer q.mu.Unlock()
	queued := maps.Clone(q.queue)
	for route, list := range queued {
		queued[route] = slices.Clone(list)
	}
	return queued
}

// next takes the next failure for the route from the queue, if there is one. A failure
// with Times > 1 stays in the queue, with Times decremented.
func (q *Failures) next(route string) (Failure, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queued := q.queue[route]
	if len(queued) == 0 {
		return Failure{}, false
	}
	if queued[0].Times > 1 {
		queued[0].Times--
		return queued[0], true
	}
	q.queue[route] = queued[1:]
	return queued[0], true
}

// Serve calls act and sends the response that it returns. If a failure is queued for the
// route, Serve applies the failure instead. The refuse function builds the error document
// for a failure without a Body.
func (q *Failures) Serve(w http.ResponseWriter, r *http.Request, route string, refuse func(Failure) Response, act func() Response) {
	f, failing := q.next(route)
	if !failing {
		act().Write(w)
		return
	}
	var response Response
	if f.Apply {
		response = act()
	}
	if !f.wait(r.Context()) {
		return
	}
	if !f.Apply && !f.replaces() {
		response = act()
	}
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	if f.replaces() {
		response = f.response(refuse)
	}
	if f.CutBody {
		response.cut(w)
	}
	response.Write(w)
}
