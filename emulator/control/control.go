package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/emulator/tenant"
)

// Path is the prefix of the API's paths. Only programs on this machine may use the API;
// see checkCaller.
const Path = "/emulator/control/"

const maxBody = 4 << 20

// Server serves the control API for one tenant.
type Server struct {
	tenant *tenant.Tenant
	mux    *http.ServeMux
}

// route is an endpoint. The result of its act function is sent as JSON.
type route struct {
	pattern string // the method and the path below Path
	act     func(*http.Request) (any, error)
}

func (s *Server) routes() []route {
	return []route{
		{"GET ", s.readState},
		{"PUT switches", s.setSwitches},
		{"POST failures", s.addFailure},
		{"DELETE failures", s.clearFailures},
		{"PUT latency", s.setLatency},
		{"PUT clock", s.setClock},
		{"POST policy", s.changePolicy},
		{"POST claims", s.requireClaims},
		{"POST revoke", s.revokeTokens},
		{"POST account", s.changeAccount},
		{"GET requests", s.listRequests},
		{"GET meetings", s.listMeetings},
		{"PATCH meetings/{id}", s.changeMeeting},
		{"POST meetings/{id}/remove", s.removeMeeting},
		{"POST meetings/{id}/visit", s.visitMeeting},
	}
}

// New returns the control API for t.
func New(t *tenant.Tenant) *Server {
	s := &Server{tenant: t, mux: http.NewServeMux()}
	mux := http.NewServeMux()
	var all []string
	for _, route := range s.routes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		all = append(all, method+" "+Path+path)
		if path == "" {
			path = "{$}"
		}
		mux.HandleFunc(method+" "+Path+path, func(w http.ResponseWriter, r *http.Request) {
			respond(w, r, all, route.act)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		respond(w, r, all, func(*http.Request) (any, error) {
			return nil, requestError{status: http.StatusNotFound, Text: "There is no " + r.Method + " " + r.URL.Path + ".", Routes: all}
		})
	})
	s.mux.Handle(Path, mux)
	return s
}

// Owns reports whether address is a URL of the emulator itself, rather than of Entra or
// Graph.
func Owns(address *url.URL) bool { return strings.HasPrefix(address.Path, "/emulator/") }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func respond(w http.ResponseWriter, r *http.Request, routes []string, act func(*http.Request) (any, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	v, err := any(nil), checkCaller(r)
	if err == nil {
		v, err = act(r)
	}
	status := http.StatusOK
	if err != nil {
		refusal := requestError{status: http.StatusInternalServerError, Text: err.Error()}
		errors.As(err, &refusal)
		if refusal.Routes == nil && refusal.status == http.StatusBadRequest {
			refusal.Routes = routes
		}
		v, status = refusal, refusal.status
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}

// requestError is the response to a refused request: the reason and, for some refusals, a
// list of valid routes.
type requestError struct {
	status int
	Text   string   `json:"error"`
	Routes []string `json:"routes,omitempty"`
}

func (e requestError) Error() string { return e.Text }

func badRequest(format string, args ...any) requestError {
	return requestError{status: http.StatusBadRequest, Text: fmt.Sprintf(format, args...)}
}

// decode decodes the JSON object in the body into v. It refuses unknown properties to catch
// misspelled names.
func decode(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badRequest("The body is not what this route takes: %v.", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badRequest("The body is more than one JSON object.")
	}
	return nil
}

func (s *Server) person(name string) (tenant.Person, error) {
	if p, ok := s.tenant.People.Find(name); ok {
		return p, nil
	}
	return tenant.Person{}, badRequest("Nobody has the object ID or UPN %q.", name)
}
