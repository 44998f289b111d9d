package msgraph

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// route is an endpoint. A person's token needs one of the scopes, and an application's
// token needs one of the roles. If both lists are empty, every valid token is accepted.
type route struct {
	pattern string // method and path, without the version; "" for unknown paths
	scopes  []string
	roles   []string
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

// noRoute handles a request that matches no route. The response has status 405 if the path
// exists for another method. Otherwise, it has status 400 and names the first unknown
// segment.
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

// originalPath returns the path as the client sent it. For a request in a batch, it
// returns the canonical path.
func originalPath(r *http.Request) string {
	if address, err := url.ParseRequestURI(r.RequestURI); err == nil {
		return address.Path
	}
	return r.URL.Path
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
