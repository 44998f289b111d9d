package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// If almost all connections are in use, a new one closes the connection that has been
// idle the longest.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	server := new(http.Server)
	watchConnections(server, 4)
	connect := func(states ...http.ConnState) (theirs net.Conn) {
		ours, theirs := net.Pipe()
		t.Cleanup(func() { ours.Close() })
		for _, state := range states {
			server.ConnState(ours, state)
		}
		return theirs
	}
	busy := connect(http.StateNew, http.StateActive)
	oldest := connect(http.StateNew, http.StateActive, http.StateIdle)
	newest := connect(http.StateNew, http.StateActive, http.StateIdle)
	connect(http.StateNew)
	for name, tt := range map[string]struct {
		conn net.Conn
		want error
	}{
		"busy": {busy, os.ErrDeadlineExceeded}, "oldest": {oldest, io.EOF}, "newest": {newest, os.ErrDeadlineExceeded},
	} {
		tt.conn.SetReadDeadline(time.Now())
		if _, err := tt.conn.Read(make([]byte, 1)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// A shutdown does not wait for connections on which nothing was sent.
func TestShutdownClosesUnusedConnections(t *testing.T) {
	g := newGround(t)
	listener, err := net.Listen("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	server := newHTTPServer(http.NotFoundHandler(), slog.New(slog.NewTextHandler(&log, nil)))
	ctx, stop := context.WithCancel(t.Context())
	s := &served{t: t, done: make(chan error, 1)}
	go func() { s.done <- serveUntil(ctx, server, listener, time.Second) }()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if response, err := http.Get(g.site.String()); err == nil { // the server has accepted the other connection before this one
		response.Body.Close()
	}
	stop()
	s.wantStopped()
	if log.Len() > 0 {
		t.Errorf("the shutdown waited: %s", &log)
	}
}
