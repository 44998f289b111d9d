package msgraph

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meetdesk/emulator/wire"
)

// maxParts is the maximum number of requests in a batch.
const maxParts = 20

type batchPart struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"` // relative, without the version
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type partResponse struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

// batch serves the requests in the body sequentially, as if each had been sent
// separately. A request that depends on a failed one fails with status 424. The response
// to a valid batch has status 200, regardless of the status of its parts.
func (s *Server) batch(c *call) (wire.Response, error) {
	var body struct {
		Requests []batchPart `json:"requests"`
	}
	if err := c.decode(&body); err != nil {
		return wire.Response{}, err
	}
	if err := checkParts(body.Requests); err != nil {
		return wire.Response{}, err
	}
	done := make([]partResponse, 0, len(body.Requests))
	for _, p := range body.Requests {
		failed := slices.ContainsFunc(done, func(a partResponse) bool { return a.Status >= 400 && p.dependsOn(a.ID) })
		if failed {
			done = append(done, s.refusePart(c, p, graphError{status: http.StatusFailedDependency, code: "FailedDependency", message: genericMessage}))
			continue
		}
		done = append(done, s.servePart(c, p))
	}
	return wire.JSON(http.StatusOK, "application/json", map[string]any{"responses": done}), nil
}

func (p batchPart) dependsOn(id string) bool {
	_, depends := wire.Canonical(id, p.DependsOn)
	return depends
}

func checkParts(parts []batchPart) error {
	if len(parts) == 0 || len(parts) > maxParts {
		return badRequest(genericMessage, "a batch has 1 to 20 requests")
	}
	var known []string
	for _, p := range parts {
		if _, twice := wire.Canonical(p.ID, known); p.ID == "" || twice {
			return badRequest(genericMessage, "each request of a batch needs an id of its own, and case makes no difference")
		}
		if p.Method == "" || p.URL == "" || strings.Contains(p.URL, "://") || isBatch(p.URL) {
			return badRequest(genericMessage, "request "+p.ID+" needs a method and a url such as /me")
		}
		if len(p.Body) > 0 && string(p.Body) != "null" && !p.has("Content-Type") {
			return badRequest(noContentType, "request "+p.ID+" has a body and no Content-Type")
		}
		for _, id := range p.DependsOn {
			if _, before := wire.Canonical(id, known); !before {
				return badRequest(genericMessage, "request "+p.ID+" depends on "+id+", which does not come before it")
			}
		}
		known = append(known, p.ID)
	}
	return nil
}

func isBatch(address string) bool {
	plain, err := url.PathUnescape(address)
	return err == nil && strings.Contains(strings.ToLower(plain), "$batch")
}

func (p batchPart) has(header string) bool {
	for name, value := range p.Headers {
		if strings.EqualFold(name, header) && value != "" {
			return true
		}
	}
	return false
}

func (s *Server) servePart(c *call, p batchPart) partResponse {
	address := "/" + c.version + "/" + strings.TrimPrefix(p.URL, "/")
	r, err := http.NewRequestWithContext(c.request.Context(), strings.ToUpper(p.Method), address, bytes.NewReader(p.Body))
	if err != nil {
		return s.refusePart(c, p, badRequest(genericMessage, err.Error()))
	}
	r.Header.Set("Authorization", c.request.Header.Get("Authorization"))
	for name, value := range p.Headers {
		r.Header.Set(name, value)
	}
	r = withCanonicalPath(r)
	if _, pattern := s.mux.Handler(r); strings.HasSuffix(pattern, "/createOrGet") && !s.tenant.Switches().BatchCreateOrGet {
		return s.refusePart(c, p, badRequest(genericMessage, "createOrGet inside $batch: see the switch BatchCreateOrGet"))
	}
	w := &partWriter{header: http.Header{}}
	s.mux.ServeHTTP(w, r)
	return w.response(p.ID)
}

func (s *Server) refusePart(c *call, p batchPart, refusal graphError) partResponse {
	w := &partWriter{header: http.Header{}}
	s.addHeaders(c, s.errorResponse(c, refusal)).Write(w)
	return w.response(p.ID)
}

type partWriter struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *partWriter) Header() http.Header            { return w.header }
func (w *partWriter) WriteHeader(status int)         { w.status = status }
func (w *partWriter) Write(text []byte) (int, error) { return w.body.Write(text) }

// response converts the buffered response to a partResponse with the given ID. A body
// that is not JSON is base64-encoded.
func (w *partWriter) response(id string) partResponse {
	a := partResponse{ID: id, Status: w.status, Headers: map[string]string{}}
	for name := range w.header {
		a.Headers[name] = w.header.Get(name)
	}
	switch {
	case w.body.Len() == 0:
	case json.Valid(w.body.Bytes()):
		a.Body = json.RawMessage(w.body.Bytes())
	default:
		a.Body = w.body.Bytes()
	}
	return a
}
