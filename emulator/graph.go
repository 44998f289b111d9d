package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// graphCall is one request to Graph on its way through.
type graphCall struct {
	request         *http.Request
	version         string // "v1.0" or "beta"
	body            []byte // decompressed
	caller          Person // from the access token
	requestID       string
	clientRequestID string
}

// graphRoute is an endpoint: its pattern below the version, the permissions of
// which one is enough, and what it does.
type graphRoute struct {
	pattern string
	scopes  []string
	act     func(*graphCall) (answer, error)
}

// graphRoutes is the site map of the Graph side. Application tokens, when they
// come, get their own routes below /users/{user}.
func (e *Emulator) graphRoutes(version string) {
	read, write := []string{scopeMeetingsRead, scopeMeetingsWrite}, []string{scopeMeetingsWrite}
	for _, route := range []graphRoute{
		{"POST /me/onlineMeetings/createOrGet", write, e.createOrGet},
		{"GET /me/onlineMeetings", read, e.findMeeting},
		{"GET /me/onlineMeetings/{id}", read, e.readMeeting},
		{"PATCH /me/onlineMeetings/{id}", write, e.updateMeeting},
		{"DELETE /me/onlineMeetings/{id}", write, e.removeMeeting},
		{"GET /me", []string{scopeUserRead}, e.readMe},
	} {
		e.graphRoute(version, route)
	}
	e.mux.HandleFunc("/"+version+"/", func(w http.ResponseWriter, r *http.Request) {
		e.graph(w, r, version, graphRoute{act: e.noRoute})
	})
}

func (e *Emulator) graphRoute(version string, route graphRoute) {
	if !slices.Contains(e.failures.routes, route.pattern) {
		e.failures.routes = append(e.failures.routes, route.pattern)
	}
	method, path, _ := strings.Cut(route.pattern, " ")
	e.mux.HandleFunc(method+" /"+version+path, func(w http.ResponseWriter, r *http.Request) {
		e.graph(w, r, version, route)
	})
}

// graph takes a request through what all routes share: the log, the queued
// failures, the latency, the token and the error document.
func (e *Emulator) graph(w http.ResponseWriter, r *http.Request, version string, route graphRoute) {
	c := &graphCall{request: r, version: version, requestID: uuid.NewString()}
	c.clientRequestID = r.Header.Get("client-request-id")
	if c.clientRequestID == "" {
		c.clientRequestID = c.requestID
	}
	body, bodyErr := readBody(w, r)
	c.body = body
	e.requests.add(Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: r.Header.Clone(), Body: body, At: e.now(),
	})
	if !pause(r.Context(), time.Duration(e.latency.Load())) {
		return
	}
	refuse := func(f Failure) answer { return e.sign(c, e.graphRefusal(c, queuedError(f))) }
	e.serve(w, r, route.pattern, refuse, func() answer {
		a, err := e.act(c, route, bodyErr)
		if err != nil {
			a = e.graphRefusal(c, err)
		}
		return e.sign(c, a)
	})
}

// act checks who calls before it looks at what is asked, as Graph does.
func (e *Emulator) act(c *graphCall, route graphRoute, bodyErr error) (answer, error) {
	if err := e.authenticate(c, route.scopes); err != nil {
		return answer{}, err
	}
	if bodyErr != nil {
		return answer{}, bodyErr
	}
	return route.act(c)
}

// sign adds the headers that every answer of Graph carries.
func (e *Emulator) sign(c *graphCall, a answer) answer {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set("request-id", c.requestID)
	a.header.Set("client-request-id", c.clientRequestID)
	a.header.Set("Date", e.now().Format(http.TimeFormat))
	a.header.Set("Cache-Control", "private")
	return a
}

// noRoute answers what no route takes: 405 for a path that exists with another
// method, and otherwise 400 with the first unknown segment.
func (e *Emulator) noRoute(c *graphCall) (answer, error) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		other := c.request.Clone(c.request.Context())
		other.Method = method
		if _, pattern := e.mux.Handler(other); pattern != "/"+c.version+"/" {
			return answer{}, graphError{status: http.StatusMethodNotAllowed, code: "MethodNotAllowed", message: "An error has occurred.", reason: "the path takes " + method}
		}
	}
	return answer{}, badRequest("Resource not found for the segment '"+unknownSegment(c)+"'.", "there is no such path")
}

func unknownSegment(c *graphCall) string {
	segments := strings.Split(strings.Trim(strings.TrimPrefix(c.request.URL.Path, "/"+c.version), "/"), "/")
	for _, s := range segments {
		if !slices.Contains([]string{"me", "onlineMeetings"}, s) {
			return s
		}
	}
	return segments[len(segments)-1]
}
