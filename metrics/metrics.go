// Package metrics counts what the desk does, for Prometheus; see docs/monitoring.md. User
// input never becomes the value of a label, so the number of time series is bounded.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics holds the metrics of one desk. Its methods are safe for concurrent use.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	calls     *prometheus.CounterVec
	callTimes *prometheus.HistogramVec
	throttled *prometheus.CounterVec
	creates   *prometheus.CounterVec
}

// The upper bounds of the histogram buckets, in seconds. A request waits at most ten
// seconds for Graph.
var (
	pageBuckets  = []float64{0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10}
	graphBuckets = []float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

// New returns an empty set of metrics for the given version of the program.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		m.registry.MustRegister(c)
		return c
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
		m.registry.MustRegister(h)
		return h
	}
	m.requests = counter("meetdesk_http_requests_total", "HTTP requests by route and status.", "method", "route", "status")
	m.durations = histogram("meetdesk_http_request_duration_seconds", "How long HTTP requests took, by route.", pageBuckets, "method", "route")
	m.calls = counter("meetdesk_graph_calls_total", "Calls to Microsoft Graph by endpoint, status (none without a response) and retry (0 for the first try).", "endpoint", "status", "retry")
	m.callTimes = histogram("meetdesk_graph_call_duration_seconds", "How long calls to Microsoft Graph took, by endpoint.", graphBuckets, "endpoint")
	m.throttled = counter("meetdesk_throttled_seconds_total", "How long Microsoft asked the desk to wait, by service.", "service")
	m.creates = counter("meetdesk_creates_total", "Requests for a meeting by outcome.", "outcome")
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "meetdesk_build_info", Help: "The version of the program; always 1."}, []string{"version"})
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts a request and records how long it took. The parameter route is the pattern
// of the request's route, such as "GET /history", or "" if no route matches.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	method, path, _ := strings.Cut(route, " ")
	m.requests.WithLabelValues(method, path, strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(method, path).Observe(took.Seconds())
}

// Call counts a call to Graph and records how long it took. The status is 0 if there was no
// response. The parameter retry is 0 for the first try of an operation.
func (m *Metrics) Call(endpoint string, status, retry int, took time.Duration) {
	text := "none"
	if status != 0 {
		text = strconv.Itoa(status)
	}
	m.calls.WithLabelValues(endpoint, text, strconv.Itoa(retry)).Inc()
	m.callTimes.WithLabelValues(endpoint).Observe(took.Seconds())
}

// Throttled adds a delay that a service requested (Retry-After) to the total for that
// service.
func (m *Metrics) Throttled(service string, wait time.Duration) {
	m.throttled.WithLabelValues(service).Add(wait.Seconds())
}

// Create counts a request to create a meeting, by its outcome.
func (m *Metrics) Create(outcome string) { m.creates.WithLabelValues(outcome).Inc() }

// Handler returns a handler that serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
}
