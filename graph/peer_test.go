package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

const (
	token          = "the-token"
	meetID         = "MSo1N2Y5*0**19:meeting_a/b@thread.v2"
	minimalMeeting = `{"id":"M1"}`
)

var asked = meeting.Asked{
	ExternalID: "INC0012345", Subject: "Printer",
	Start: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC),
}

type receivedRequest struct {
	*http.Request
	body string
}

func (s receivedRequest) JSON(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(s.body), &m); err != nil {
		t.Fatalf("request body %q: %v", s.body, err)
	}
	return m
}

// peer is a test server that handles each request with the next step. It repeats the last
// step.
type peer struct {
	*httptest.Server
	mu       sync.Mutex
	received []receivedRequest
	steps    []http.HandlerFunc
}

func newPeer(t *testing.T, steps ...http.HandlerFunc) *peer {
	t.Helper()
	p := &peer{steps: steps}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	step := p.steps[min(len(p.received), len(p.steps)-1)]
	p.received = append(p.received, receivedRequest{r, string(body)})
	p.mu.Unlock()
	step(w, r)
}

func (p *peer) requests() []receivedRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.received
}

func (p *peer) client() *graph.Client {
	return &graph.Client{BaseURL: p.URL + "/v1.0", HTTP: p.Client(), Pause: time.Millisecond}
}

func withTimeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func wantError(t *testing.T, err error, kind graph.Kind, reason meeting.Reason) *graph.Error {
	t.Helper()
	var e *graph.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a *graph.Error", err)
	}
	if e.Kind != kind || e.Reason != reason {
		t.Errorf("got failure %s %s, want %s %s: %v", e.Kind, e.Reason, kind, reason, e)
	}
	return e
}

func responds(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func graphError(status int, code string, header ...string) http.HandlerFunc {
	return responds(status, fmt.Sprintf(`{"error":{"code":%q,"message":"m","innerError":{"date":"2026-11-02T09:00:00","request-id":"inner-1"}}}`, code), header...)
}

func dropConnection(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncate returns a step whose response is shorter than its Content-Length.
func truncate(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(status)
		fmt.Fprint(w, minimalMeeting)
	}
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func fullPatch(a meeting.Asked) graph.Patch {
	p := graph.Patch{Subject: &a.Subject, Start: a.Start, End: a.End}
	if !a.KeepPeople {
		p.People = &graph.People{Attendees: a.Attendees}
	}
	return p
}
