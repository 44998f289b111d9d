package msgraph

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// Server serves both versions of Graph for one tenant.
type Server struct {
	tenant   *tenant.Tenant
	mux      *http.ServeMux
	throttle throttle
}

// New returns the Graph of t. It adds Graph's routes to those that can be made
// to fail.
func New(t *tenant.Tenant) *Server {
	s := &Server{tenant: t, mux: http.NewServeMux()}
	s.addRoutes("v1.0")
	s.addRoutes("beta")
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, withCanonicalPath(r))
}

// call is one request to Graph while it is processed.
type call struct {
	request         *http.Request
	version         string        // "v1.0" or "beta"
	body            []byte        // decompressed
	caller          tenant.Person // who signed in, or the person an application acts for
	app             string        // client ID of an application that uses a token of its own
	requestID       string
	clientRequestID string
}

// route is an endpoint. The caller needs one of the listed permissions. A route
// with only scopes refuses applications, a route with only roles refuses people,
// and a route with neither accepts every valid token.
type route struct {
	pattern string   // below the version; "" for a path that does not exist
	scopes  []string // delegated permissions
	roles   []string // application permissions
	act     func(*call) (wire.Response, error)
}

func (s *Server) routes() []route {
	read, write := []string{tenant.MeetingsRead, tenant.MeetingsReadWrite}, []string{tenant.MeetingsReadWrite}
	appRead, appWrite := []string{tenant.MeetingsReadAll, tenant.MeetingsReadWriteAll}, []string{tenant.MeetingsReadWriteAll}
	people := []string{tenant.UserReadBasicAll, tenant.UserReadAll}
	return []route{
		{"POST /me/onlineMeetings/createOrGet", write, nil, s.createOrGet},
		{"GET /me/onlineMeetings", read, nil, s.findMeeting},
		{"GET /me/onlineMeetings/{id}", read, nil, s.readMeeting},
		{"PATCH /me/onlineMeetings/{id}", write, nil, s.updateMeeting},
		{"DELETE /me/onlineMeetings/{id}", write, nil, s.removeMeeting},

		{"POST /users/{user}/onlineMeetings/createOrGet", nil, appWrite, s.onBehalf(s.createOrGet)},
		{"GET /users/{user}/onlineMeetings", nil, appRead, s.onBehalf(s.findMeeting)},
		{"GET /users/{user}/onlineMeetings/{id}", nil, appRead, s.onBehalf(s.readMeeting)},
		{"PATCH /users/{user}/onlineMeetings/{id}", nil, appWrite, s.onBehalf(s.updateMeeting)},
		{"DELETE /users/{user}/onlineMeetings/{id}", nil, appWrite, s.onBehalf(s.removeMeeting)},

		{"GET /me", []string{tenant.UserRead}, nil, s.readMe},
		{"GET /users/{user}", people, people, s.readUser},
		{"GET /users", people, people, s.listUsers},
		{"POST /$batch", nil, nil, s.batch},
	}
}

func (s *Server) addRoutes(version string) {
	for _, route := range s.routes() {
		s.tenant.AddRoute(route.pattern)
		method, path, _ := strings.Cut(route.pattern, " ")
		s.mux.HandleFunc(method+" /"+version+path, func(w http.ResponseWriter, r *http.Request) {
			s.serve(w, r, version, route)
		})
	}
	s.mux.HandleFunc("/"+version+"/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, version, route{act: s.noRoute})
	})
}

// serve does what all routes share: log the request, wait for the latency, apply
// a queued failure, and turn an error into Graph's error document.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, version string, route route) {
	c := &call{request: r, version: version, requestID: uuid.NewString()}
	c.clientRequestID = r.Header.Get("client-request-id")
	if c.clientRequestID == "" {
		c.clientRequestID = c.requestID
	}
	body, bodyErr := readBody(w, r)
	c.body = body
	s.tenant.LogRequest(tenant.Request{
		Method: r.Method, Path: originalPath(r), Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: body,
	})
	if !wire.Pause(r.Context(), s.tenant.Latency()) {
		return
	}
	refuse := func(f wire.Failure) wire.Response { return s.addHeaders(c, s.errorResponse(c, queuedError(f))) }
	s.tenant.Failures.Serve(w, r, route.pattern, refuse, func() wire.Response {
		response, err := s.act(c, route, bodyErr)
		if err != nil {
			response = s.errorResponse(c, err)
		}
		return s.addHeaders(c, c.withoutMetadata(response))
	})
}

// act authenticates the caller before it looks at the request, as Graph does.
func (s *Server) act(c *call, route route, bodyErr error) (wire.Response, error) {
	if err := s.authenticate(c, route); err != nil {
		return wire.Response{}, err
	}
	if err := s.checkRate(route); err != nil {
		return wire.Response{}, err
	}
	if bodyErr != nil {
		return wire.Response{}, bodyErr
	}
	if route.pattern != "" && c.isWrite() && c.request.Header.Get("Content-Type") == "" {
		return wire.Response{}, badRequest(noContentType, "there is no Content-Type")
	}
	return route.act(c)
}

// isWrite reports whether the request needs a Content-Type, even without a body.
func (c *call) isWrite() bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPatch, http.MethodPut}, c.request.Method)
}

// addHeaders adds the headers that every response of Graph has.
func (s *Server) addHeaders(c *call, response wire.Response) wire.Response {
	if response.Header == nil {
		response.Header = http.Header{}
	}
	response.Header.Set("OData-Version", "4.0")
	response.Header.Set("request-id", c.requestID)
	response.Header.Set("client-request-id", c.clientRequestID)
	response.Header.Set("Date", s.tenant.Now().Format(http.TimeFormat))
	response.Header.Set("Cache-Control", "private")
	return response
}

// noRoute answers requests that no route accepts: 405 if the path exists with
// another method, otherwise 400 with the first unknown segment.
func (s *Server) noRoute(c *call) (wire.Response, error) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		other := c.request.Clone(c.request.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/"+c.version+"/" {
			return wire.Response{}, graphError{status: http.StatusMethodNotAllowed, code: "MethodNotAllowed", message: genericMessage, reason: "the path takes " + method}
		}
	}
	return wire.Response{}, badRequest("Resource not found for the segment '"+unknownSegment(c)+"'.", "there is no such path")
}

// originalPath returns the path before withCanonicalPath changed it.
func originalPath(r *http.Request) string {
	if address, err := url.ParseRequestURI(r.RequestURI); err == nil {
		return address.Path
	}
	return r.URL.Path // a request of a batch has no RequestURI
}

func unknownSegment(c *call) string {
	segments := strings.Split(strings.Trim(strings.TrimPrefix(c.request.URL.Path, "/"+c.version), "/"), "/")
	for i, s := range segments {
		isID := i > 0 && (segments[i-1] == "users" || segments[i-1] == "onlineMeetings" && i < len(segments)-1 && s != "createOrGet")
		if !isID && !slices.Contains([]string{"me", "users", "onlineMeetings"}, s) {
			return s
		}
	}
	return segments[len(segments)-1]
}
