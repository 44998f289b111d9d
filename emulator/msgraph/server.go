package msgraph

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// Server emulates Graph v1.0 and beta for one tenant.
type Server struct {
	tenant   *tenant.Tenant
	mux      *http.ServeMux
	throttle throttle
}

// New returns a Server for t. It also registers Graph's routes, so that FailNext accepts
// them.
func New(t *tenant.Tenant) *Server {
	s := &Server{tenant: t, mux: http.NewServeMux()}
	s.addRoutes("v1.0")
	s.addRoutes("beta")
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, withCanonicalPath(r))
}

type call struct {
	request         *http.Request
	version         string        // "v1.0" or "beta"
	body            []byte        // decompressed
	caller          tenant.Person // the signed-in person, or the one on whose behalf an application acts
	app             string        // client ID of an application that uses its own token
	requestID       string
	clientRequestID string
}

// serve calls a route's handler. It logs the request, adds the latency, applies queued
// failures and sends errors in Graph's format.
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

// act checks the token, the rate limit and the body, in the same order as Graph, and then
// calls the route's handler.
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

// isWrite reports whether the request is a POST, a PATCH or a PUT. Such a request must
// have a Content-Type, even if it has no body.
func (c *call) isWrite() bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPatch, http.MethodPut}, c.request.Method)
}

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
