package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// mostParts is how many requests a batch may have.
const mostParts = 20

// batchPart is one request of a batch.
type batchPart struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"` // below the version
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// partAnswer is what became of it.
type partAnswer struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

// batch serves several requests one after the other, each like any other: it is
// remembered, delayed, throttled and made to fail on its own. Its own 200 says
// nothing about the parts.
func (e *Emulator) batch(c *graphCall) (answer, error) {
	var body struct {
		Requests []batchPart `json:"requests"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if err := checkParts(body.Requests); err != nil {
		return answer{}, err
	}
	done := make([]partAnswer, 0, len(body.Requests))
	for _, p := range body.Requests {
		failed := slices.ContainsFunc(done, func(a partAnswer) bool { return a.Status >= 400 && p.dependsOn(a.ID) })
		if failed {
			done = append(done, e.refusePart(c, p, graphError{status: http.StatusFailedDependency, code: "FailedDependency", message: anError}))
			continue
		}
		done = append(done, e.servePart(c, p))
	}
	return jsonAnswer(http.StatusOK, "application/json", map[string]any{"responses": done}), nil
}

func (p batchPart) dependsOn(id string) bool {
	_, depends := canonical(id, p.DependsOn)
	return depends
}

func checkParts(parts []batchPart) error {
	if len(parts) == 0 || len(parts) > mostParts {
		return badRequest(anError, "a batch has 1 to 20 requests")
	}
	var known []string
	for _, p := range parts {
		if _, twice := canonical(p.ID, known); p.ID == "" || twice {
			return badRequest(anError, "each request of a batch needs an id of its own, and case makes no difference")
		}
		if p.Method == "" || p.URL == "" || strings.Contains(p.URL, "://") || isBatch(p.URL) {
			return badRequest(anError, "request "+p.ID+" needs a method and a url such as /me")
		}
		if len(p.Body) > 0 && string(p.Body) != "null" && !p.has("Content-Type") {
			return badRequest(noContentType, "request "+p.ID+" has a body and no Content-Type")
		}
		for _, id := range p.DependsOn {
			if _, before := canonical(id, known); !before {
				return badRequest(anError, "request "+p.ID+" depends on "+id+", which does not come before it")
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

// has reports whether the part has a header that says something.
func (p batchPart) has(header string) bool {
	for name, value := range p.Headers {
		if strings.EqualFold(name, header) && value != "" {
			return true
		}
	}
	return false
}

func (e *Emulator) servePart(c *graphCall, p batchPart) partAnswer {
	address := "/" + c.version + "/" + strings.TrimPrefix(p.URL, "/")
	r, err := http.NewRequestWithContext(c.request.Context(), strings.ToUpper(p.Method), address, bytes.NewReader(p.Body))
	if err != nil {
		return e.refusePart(c, p, badRequest(anError, err.Error()))
	}
	r.Header.Set("Authorization", c.request.Header.Get("Authorization"))
	for name, value := range p.Headers {
		r.Header.Set(name, value)
	}
	r = spelled(r)
	if _, pattern := e.mux.Handler(r); strings.HasSuffix(pattern, "/createOrGet") && !e.Switches().BatchCreateOrGet {
		return e.refusePart(c, p, badRequest(anError, "createOrGet inside $batch: see the switch BatchCreateOrGet"))
	}
	w := &partWriter{header: http.Header{}}
	e.mux.ServeHTTP(w, r)
	return w.answer(p.ID)
}

func (e *Emulator) refusePart(c *graphCall, p batchPart, no graphError) partAnswer {
	w := &partWriter{header: http.Header{}}
	e.sign(c, e.graphRefusal(c, no)).write(w)
	return w.answer(p.ID)
}

// partWriter keeps a response.
type partWriter struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *partWriter) Header() http.Header            { return w.header }
func (w *partWriter) WriteHeader(status int)         { w.status = status }
func (w *partWriter) Write(text []byte) (int, error) { return w.body.Write(text) }

// answer returns the response as part of a batch: JSON as it is, anything else
// in base64.
func (w *partWriter) answer(id string) partAnswer {
	a := partAnswer{ID: id, Status: w.status, Headers: map[string]string{}}
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
