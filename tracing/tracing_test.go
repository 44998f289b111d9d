package tracing

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"
)

// TestOffWithoutACollector checks that, without a collector, New starts no goroutines and
// requests cause neither spans nor allocations.
func TestOffWithoutACollector(t *testing.T) {
	t.Setenv(Endpoint, "")
	before := runtime.NumGoroutine()
	off, err := New(t.Context(), "1.0.0")
	if err != nil || runtime.NumGoroutine() != before {
		t.Errorf("%v; %d goroutines, %d before", err, runtime.NumGoroutine(), before)
	}
	var got *http.Request
	h := off.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r }))
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/history", nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") // from a proxy that has begun a trace
	for name, do := range map[string]func(){
		"request": func() { h.ServeHTTP(w, r) },
		"name":    func() { off.Request(r.Context(), "GET /history", 200) },
		"call":    func() { off.Call(r.Context(), "onlineMeetings", 200, 0, time.Second) },
	} {
		if n := testing.AllocsPerRun(100, do); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if got != r {
		t.Error("the request was replaced")
	}
	if err := off.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
