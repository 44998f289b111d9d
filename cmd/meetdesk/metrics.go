package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"meetdesk/metrics"
)

// metricsTimeout limits how long Prometheus may take to send a request and to read the
// response. It includes up to three seconds for reading the desk's state.
const metricsTimeout = 15 * time.Second

// serveMetrics serves the metrics on a separate listener until the returned function is
// called. It does nothing if addr is "".
func serveMetrics(ctx context.Context, addr string, m *metrics.Metrics, log *slog.Logger) (stopped func(), err error) {
	if addr == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, settingError(fmt.Errorf("MEETDESK_METRICS_ADDR: %w", err))
	}
	server := newMetricsServer(m.Handler(), log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); err != http.ErrServerClosed {
			log.Error("the metrics are no longer served", "error", err)
		}
	}()
	log.Info("metrics", "address", listener.Addr().String())
	return sync.OnceFunc(func() {
		// Shutdown takes at most metricsTimeout, which limits every scrape.
		_ = server.Shutdown(context.WithoutCancel(ctx))
		<-ended
	}), nil
}

func newMetricsServer(h http.Handler, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h)
	return &http.Server{
		Handler: mux, ReadHeaderTimeout: metricsTimeout, ReadTimeout: metricsTimeout, WriteTimeout: metricsTimeout, MaxHeaderBytes: 16 << 10,
		IdleTimeout: 2 * time.Minute, // longer than most scrape intervals
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
