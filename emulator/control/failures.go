package control

import (
	"net/http"
	"slices"
	"time"

	"meetdesk/emulator/wire"
)

// failureView is the JSON form of a route and its wire.Failure, without Hold.
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

func (v failureView) failure() wire.Failure {
	f := wire.Failure{
		Status: v.Status, Code: v.Code, Message: v.Message, Header: http.Header{}, Body: v.Body, ContentType: v.ContentType,
		Apply: v.Apply, Drop: v.Drop, CutBody: v.CutBody, Delay: time.Duration(v.Delay) * time.Millisecond, Times: v.Times,
	}
	for name, value := range v.Headers {
		f.Header.Set(name, value)
	}
	return f
}

func newFailureView(f wire.Failure) failureView {
	v := failureView{
		Status: f.Status, Code: f.Code, Message: f.Message, Headers: map[string]string{}, Body: f.Body, ContentType: f.ContentType,
		Apply: f.Apply, Drop: f.Drop, CutBody: f.CutBody, Delay: f.Delay.Milliseconds(), Times: f.Times,
	}
	for name := range f.Header {
		v.Headers[name] = f.Header.Get(name)
	}
	return v
}

func (s *Server) addFailure(r *http.Request) (any, error) {
	var v failureView
	if err := decode(r, &v); err != nil {
		return nil, err
	}
	routes := s.tenant.Routes()
	switch {
	case !slices.Contains(routes, v.Route):
		refusal := badRequest("There is no route %q to fail.", v.Route)
		refusal.Routes = routes
		return nil, refusal
	case v.Status != 0 && (v.Status < 200 || v.Status > 599):
		return nil, badRequest("The status %d is not between 200 and 599.", v.Status)
	case v.Delay < 0 || v.Times < 0:
		return nil, badRequest("Neither the delay nor the times can be negative.")
	case v.Status == 0 && v.Body == "" && !v.Drop && !v.CutBody && v.Delay == 0:
		return nil, badRequest("Nothing would go wrong: give a status, a body, a delay, drop or cutBody.")
	}
	s.tenant.FailNext(v.Route, v.failure())
	return s.queuedFailures(), nil
}

func (s *Server) clearFailures(*http.Request) (any, error) {
	s.tenant.Failures.Clear()
	return s.queuedFailures(), nil
}

func (s *Server) queuedFailures() map[string][]failureView {
	views := map[string][]failureView{}
	for route, list := range s.tenant.Queued() {
		for _, f := range list {
			views[route] = append(views[route], newFailureView(f))
		}
	}
	return views
}
