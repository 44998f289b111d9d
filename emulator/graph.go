package emulator

import (
	"net/http"
	"net/url"
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
	caller          Person // who signed in, or for whom an application acts
	app             string // client ID of an application that calls by itself
	requestID       string
	clientRequestID string
}

// graphRoute is an endpoint: its pattern below the version, the permissions of
// which one is enough, and what it does. Without scopes it takes applications
// only, without roles people only, and without either whoever has a token.
type graphRoute struct {
	pattern string
	scopes  []string // delegated permissions
	roles   []string // application permissions
	act     func(*graphCall) (answer, error)
}

// graphRoutes is the site map of the Graph side.
func (e *Emulator) graphRoutes(version string) {
	read, write := []string{scopeMeetingsRead, scopeMeetingsWrite}, []string{scopeMeetingsWrite}
	appRead, appWrite := []string{roleMeetingsRead, roleMeetingsWrite}, []string{roleMeetingsWrite}
	people := []string{roleUserBasic, roleUserRead}
	for _, route := range []graphRoute{
		{"POST /me/onlineMeetings/createOrGet", write, nil, e.createOrGet},
		{"GET /me/onlineMeetings", read, nil, e.findMeeting},
		{"GET /me/onlineMeetings/{id}", read, nil, e.readMeeting},
		{"PATCH /me/onlineMeetings/{id}", write, nil, e.updateMeeting},
		{"DELETE /me/onlineMeetings/{id}", write, nil, e.removeMeeting},

		{"POST /users/{user}/onlineMeetings/createOrGet", nil, appWrite, e.onBehalf(e.createOrGet)},
		{"GET /users/{user}/onlineMeetings", nil, appRead, e.onBehalf(e.findMeeting)},
		{"GET /users/{user}/onlineMeetings/{id}", nil, appRead, e.onBehalf(e.readMeeting)},
		{"PATCH /users/{user}/onlineMeetings/{id}", nil, appWrite, e.onBehalf(e.updateMeeting)},
		{"DELETE /users/{user}/onlineMeetings/{id}", nil, appWrite, e.onBehalf(e.removeMeeting)},

		{"GET /me", []string{scopeUserRead}, nil, e.readMe},
		{"GET /users/{user}", people, people, e.readUser},
		{"GET /users", people, people, e.listUsers},
		{"POST /$batch", nil, nil, e.batch},
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
		Method: r.Method, Path: pathAsSent(r), Query: r.URL.RawQuery,
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
		return e.sign(c, c.withoutMetadata(a))
	})
}

// act checks who calls before it looks at what is asked, as Graph does.
func (e *Emulator) act(c *graphCall, route graphRoute, bodyErr error) (answer, error) {
	if err := e.authenticate(c, route); err != nil {
		return answer{}, err
	}
	if err := e.checkRate(route); err != nil {
		return answer{}, err
	}
	if bodyErr != nil {
		return answer{}, bodyErr
	}
	if route.pattern != "" && c.isWrite() && c.request.Header.Get("Content-Type") == "" {
		return answer{}, badRequest(noContentType, "there is no Content-Type")
	}
	return route.act(c)
}

// isWrite reports whether the request must say what its body is, even if it has
// none.
func (c *graphCall) isWrite() bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPatch, http.MethodPut}, c.request.Method)
}

// sign adds the headers that every answer of Graph carries.
func (e *Emulator) sign(c *graphCall, a answer) answer {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set("OData-Version", "4.0")
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

// pathAsSent is the path before it was spelled like the site map.
func pathAsSent(r *http.Request) string {
	if address, err := url.ParseRequestURI(r.RequestURI); err == nil {
		return address.Path
	}
	return r.URL.Path // a request of a batch
}

func unknownSegment(c *graphCall) string {
	segments := strings.Split(strings.Trim(strings.TrimPrefix(c.request.URL.Path, "/"+c.version), "/"), "/")
	for i, s := range segments {
		isID := i > 0 && (segments[i-1] == "users" || segments[i-1] == "onlineMeetings" && i < len(segments)-1 && s != "createOrGet")
		if !isID && !slices.Contains([]string{"me", "users", "onlineMeetings"}, s) {
			return s
		}
	}
	return segments[len(segments)-1]
}
