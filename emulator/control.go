package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
)

// controlPath is where programs in other languages, and people with curl, find
// what tests in Go call as methods. Only this machine may: see checkControl.
const controlPath = "/emulator/control/"

// controlRoute is one of its routes: what act returns is sent as JSON.
type controlRoute struct {
	pattern string
	act     func(*http.Request) (any, error)
}

func (e *Emulator) controlRoutes() []controlRoute {
	return []controlRoute{
		{"GET ", e.controlState},
		{"PUT switches", e.controlSwitches},
		{"POST failures", e.controlFail},
		{"DELETE failures", e.controlNoFailures},
		{"PUT latency", e.controlLatency},
		{"PUT clock", e.controlClock},
		{"POST policy", e.controlPolicy},
		{"POST claims", e.controlClaims},
		{"POST revoke", e.controlRevoke},
		{"GET requests", e.controlRequests},
		{"GET meetings", e.controlMeetings},
		{"PATCH meetings/{id}", e.controlChange},
		{"POST meetings/{id}/remove", e.controlRemove},
		{"POST meetings/{id}/visit", e.controlVisit},
	}
}

// controlError is a request that cannot be followed, and what there is instead.
type controlError struct {
	status int
	Text   string   `json:"error"`
	Routes []string `json:"routes,omitempty"`
}

func (c controlError) Error() string { return c.Text }

func (e *Emulator) addControl() {
	mux := http.NewServeMux()
	var all []string
	for _, route := range e.controlRoutes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		all = append(all, method+" "+controlPath+path)
		if path == "" {
			path = "{$}"
		}
		mux.HandleFunc(method+" "+controlPath+path, func(w http.ResponseWriter, r *http.Request) {
			answerControl(w, r, all, route.act)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answerControl(w, r, all, func(*http.Request) (any, error) {
			return nil, controlError{status: http.StatusNotFound, Text: "There is no " + r.Method + " " + r.URL.Path + ".", Routes: all}
		})
	})
	e.mux.Handle(controlPath, mux)
}

// answerControl lets act work for those who may ask, and sends the result.
func answerControl(w http.ResponseWriter, r *http.Request, routes []string, act func(*http.Request) (any, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	v, err := any(nil), checkControl(r)
	if err == nil {
		v, err = act(r)
	}
	status := http.StatusOK
	if err != nil {
		no := controlError{status: http.StatusInternalServerError, Text: err.Error()}
		errors.As(err, &no)
		if no.Routes == nil && no.status == http.StatusBadRequest {
			no.Routes = routes
		}
		v, status = no, no.status
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

// checkControl keeps everybody out but programs on this machine: neither other
// machines, nor a page on the web whose name leads here, nor a page's requests
// to another site.
func checkControl(r *http.Request) error {
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	site := r.Header.Get("Sec-Fetch-Site")
	switch {
	case !net.ParseIP(address).IsLoopback():
		return controlError{status: http.StatusForbidden, Text: "Only this machine may control the emulator."}
	case !slices.Contains([]string{"127.0.0.1", "localhost", "::1", "[::1]"}, host):
		return controlError{status: http.StatusForbidden, Text: "The emulator is controlled at 127.0.0.1, localhost or [::1], not at " + host + "."}
	case forwarded(r.Header):
		return controlError{status: http.StatusForbidden, Text: "The emulator cannot be controlled through a proxy."}
	case r.Header.Get("Origin") != "" || site != "" && site != "none" && site != "same-origin":
		return controlError{status: http.StatusForbidden, Text: "The pages of other sites may not control the emulator."}
	}
	return nil
}

// forwarded reports whether a proxy passed the request on: it may come from
// anywhere.
func forwarded(h http.Header) bool {
	for _, name := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}

// badControl is a body or a value that makes no sense.
func badControl(format string, args ...any) controlError {
	return controlError{status: http.StatusBadRequest, Text: fmt.Sprintf(format, args...)}
}

// decodeControl reads the JSON object of the body into v, which must know all
// that is in it: a misspelt switch would prove nothing.
func decodeControl(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badControl("The body is not what this route takes: %v.", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badControl("The body is more than one JSON object.")
	}
	return nil
}

// controlPerson finds whom a request names, by object ID or UPN.
func (e *Emulator) controlPerson(name string) (Person, error) {
	if p, ok := e.people.named(name); ok {
		return p, nil
	}
	return Person{}, badControl("Nobody has the object ID or UPN %q.", name)
}
