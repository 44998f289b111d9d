// Package tracing sends OpenTelemetry traces of requests and Graph calls, if the
// environment names a collector. Spans contain no user input.
package tracing

import (
	"context"
	"net/http"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Endpoint is the name of the environment variable that contains the collector's URL
// without /v1/traces.
const Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

// Tracing creates spans. A nil Tracing does nothing.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// New returns a Tracing that sends spans to the collector named in the environment, or nil
// if no collector is named there. OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
// OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS have the meanings that OpenTelemetry
// defines.
func New(ctx context.Context, version string) (*Tracing, error) {
	endpoint := os.Getenv(Endpoint)
	if endpoint == "" {
		return nil, nil
	}
	exporter, err := otlptrace.New(ctx, newUploader(endpoint, os.Getenv("OTEL_EXPORTER_OTLP_HEADERS")))
	if err != nil {
		return nil, err
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "meetdesk"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return &Tracing{p, p.Tracer("meetdesk")}, nil
}

// Close sends the remaining spans and shuts down the exporter.
func (t *Tracing) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Handler returns a handler that creates a span for each request and calls next. If a
// proxy has begun a trace, the span belongs to that trace.
func (t *Tracing) Handler(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Request names a request's span after the route, such as "GET /history", and records the
// response status in the span.
func (t *Tracing) Request(ctx context.Context, route string, status int) {
	if t == nil {
		return
	}
	span := trace.SpanFromContext(ctx)
	if method, path, ok := strings.Cut(route, " "); ok {
		span.SetName(route)
		span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", path))
	}
	finish(span, status, status >= 500)
}

// Call creates a span for a call to Graph that has just ended. status is 0 if there was no
// response.
func (t *Tracing) Call(ctx context.Context, endpoint string, status, retry int, took time.Duration) {
	if t == nil {
		return
	}
	_, span := t.tracer.Start(ctx, "graph "+endpoint, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(time.Now().Add(-took)),
		trace.WithAttributes(attribute.Int("http.request.resend_count", retry)))
	finish(span, status, status == 0 || status >= 400)
	span.End()
}

func finish(span trace.Span, status int, failed bool) {
	if status != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", status))
	}
	if failed {
		span.SetStatus(codes.Error, "")
	}
}
