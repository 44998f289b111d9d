package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/testenv"
)

// The collector receives a trace of each request, including its calls to Graph. Spans are
// named after routes and contain no user input.
func TestTraces(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	var mu sync.Mutex
	var spans []*tracepb.Span
	var text strings.Builder
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var data tracepb.TracesData
		if err != nil || proto.Unmarshal(body, &data) != nil || r.URL.Path != "/v1/traces" || r.Header.Get("X-Key") != "a b" {
			t.Errorf("%s %v: %v", r.URL, r.Header, err)
		}
		mu.Lock()
		defer mu.Unlock()
		text.WriteString(data.String())
		for _, resource := range data.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				spans = append(spans, scope.Spans...)
			}
		}
	}))
	defer collector.Close()
	g := newGround(t)
	desk := g.serve("OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "OTEL_EXPORTER_OTLP_HEADERS=X-Key=a%20b", "OTEL_SERVICE_NAME=meetdesk-test")
	v := g.visitor(demo.Priya)
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC1"))
	v.send(http.MethodGet, paths.History+"?q=Laptop", nil)
	v.send(http.MethodGet, paths.Ticket("INC1"), nil)
	if status := desk.stop(terminate); status != command.OK { // sends the remaining spans
		t.Fatalf("status %d:\n%s", status, desk.errors)
	}
	find := func(name string) *tracepb.Span {
		i := slices.IndexFunc(spans, func(s *tracepb.Span) bool { return s.Name == name })
		if i < 0 {
			t.Fatalf("no span %q in\n%s", name, text.String())
		}
		return spans[i]
	}
	create, call := find("POST /meetings"), find("graph onlineMeetings/createOrGet")
	if string(call.ParentSpanId) != string(create.SpanId) || string(call.TraceId) != string(create.TraceId) || call.StartTimeUnixNano < create.StartTimeUnixNano || call.EndTimeUnixNano > create.EndTimeUnixNano {
		t.Errorf("the call is not part of the request:\n%v\n%v", create, call)
	}
	find("GET /history")
	find("GET /t/{external_id...}")
	for _, personal := range []string{"INC1", "Laptop", "priya", "Priya", "contoso"} {
		if strings.Contains(text.String(), personal) {
			t.Errorf("a span has %q:\n%s", personal, text.String())
		}
	}
	if !strings.Contains(text.String(), "meetdesk-test") {
		t.Errorf("the service is not named:\n%s", text.String())
	}
}
