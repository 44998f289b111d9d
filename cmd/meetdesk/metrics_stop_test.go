package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"meetdesk/metrics"
	"meetdesk/testenv"
)

// When the metrics server is stopped, it refuses new scrapes and waits for running ones.
func TestMetricsStop(t *testing.T) {
	addr, m := testenv.FreeAddress(t), metrics.New("v1")
	reading, finish := make(chan bool), make(chan bool)
	m.Watch(func() (metrics.State, error) {
		reading <- true
		<-finish
		return metrics.State{Sessions: 4711}, nil
	})
	ctx, signal := context.WithCancel(t.Context())
	stop, err := serveMetrics(ctx, addr, m, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	scraped := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + addr + "/metrics")
		if err != nil {
			scraped <- err.Error()
			return
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			text = []byte(err.Error())
		}
		scraped <- string(text)
	}()
	<-reading
	signal()
	stopped := make(chan bool)
	go func() { stop(); close(stopped) }()
	eventually(t, "no scrape can begin", func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	select {
	case <-stopped:
		t.Error("stopping did not wait for the scrape")
	default:
	}
	close(finish)
	if text := <-scraped; !strings.Contains(text, "meetdesk_sessions 4711\n") {
		t.Errorf("the scrape ended with %q", text)
	}
	<-stopped
}
