package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"meetdesk/paths"
)

// After the signal to stop, the server reports that it is not ready, but answers other
// requests until the drain time has passed.
func TestRequestsAreAnsweredWhileDraining(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, signal := context.WithCancel(t.Context())
	defer signal()
	f, err := Open(ctx, listener, &Settings{
		URL: &url.URL{Scheme: "http", Host: "localhost"}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Drain: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	signal()
	for end := time.Now().Add(10 * time.Second); !f.draining.Load() && time.Now().Before(end); time.Sleep(time.Millisecond) {
	}
	time.Sleep(20 * time.Millisecond) // without a drain time, the server would stop now
	for path, want := range map[string]int{paths.Ready: http.StatusServiceUnavailable, "/": http.StatusOK} {
		response, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, response.StatusCode, want)
		}
	}
}
