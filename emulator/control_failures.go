package emulator

import (
	"net/http"
	"slices"
	"time"
)

// failureView is a Failure in JSON, without Hold.
type failureView struct {
	Route       string            `json:"route,omitempty"`
	Status      int               `json:"status,omitempty"`
	Code        string            `json:"code,omitempty"`
	Message     string            `json:"message,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Body        string            `json:"body,omitempty"`
	ContentType string            `json:"contentType,omitempty"`
	Apply       bool              `json:"apply,omitempty"`
	Drop        bool              `json:"drop,omitempty"`
	CutBody     bool              `json:"cutBody,omitempty"`
	Delay       int64             `json:"delay,omitempty"` // milliseconds
	Times       int               `json:"times,omitempty"`
}

func (v failureView) failure() Failure {
	f := Failure{
		Status: v.Status, Code: v.Code, Message: v.Message, Header: http.Header{}, Body: v.Body, ContentType: v.ContentType,
		Apply: v.Apply, Drop: v.Drop, CutBody: v.CutBody, Delay: time.Duration(v.Delay) * time.Millisecond, Times: v.Times,
	}
	for name, value := range v.Headers {
		f.Header.Set(name, value)
	}
	return f
}

func viewOf(f Failure) failureView {
	v := failureView{
		Status: f.Status, Code: f.Code, Message: f.Message, Headers: map[string]string{}, Body: f.Body, ContentType: f.ContentType,
		Apply: f.Apply, Drop: f.Drop, CutBody: f.CutBody, Delay: f.Delay.Milliseconds(), Times: f.Times,
	}
	for name := range f.Header {
		v.Headers[name] = f.Header.Get(name)
	}
	return v
}

// controlFail is FailNext.
func (e *Emulator) controlFail(r *http.Request) (any, error) {
	var v failureView
	if err := decodeControl(r, &v); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(e.failures.routes, v.Route):
		no := badControl("There is no route %q to fail.", v.Route)
		no.Routes = e.failures.routes
		return nil, no
	case v.Status != 0 && (v.Status < 200 || v.Status > 599):
		return nil, badControl("The status %d is not between 200 and 599.", v.Status)
	case v.Delay < 0 || v.Times < 0:
		return nil, badControl("Neither the delay nor the times can be negative.")
	case v.Status == 0 && v.Body == "" && !v.Drop && !v.CutBody && v.Delay == 0:
		return nil, badControl("Nothing would go wrong: give a status, a body, a delay, drop or cutBody.")
	}
	e.FailNext(v.Route, v.failure())
	return e.failures.waiting(), nil
}

// controlNoFailures forgets what has not gone wrong yet.
func (e *Emulator) controlNoFailures(*http.Request) (any, error) {
	e.failures.clear()
	return e.failures.waiting(), nil
}

func (q *failures) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.queue)
}

// waiting returns what is queued, by route.
func (q *failures) waiting() map[string][]failureView {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := map[string][]failureView{}
	for route, list := range q.queue {
		for _, f := range list {
			all[route] = append(all[route], viewOf(f))
		}
	}
	return all
}
