package graph_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"meetdesk/graph"
)

// newPipePeer returns a peer and a client that are connected through pipes, because time in
// a synctest bubble does not advance while a goroutine waits for a socket.
func newPipePeer(t *testing.T, steps ...http.HandlerFunc) (*peer, *graph.Client) {
	t.Helper()
	p := &peer{steps: steps}
	closed := make(chan struct{})
	pipes := pipeListener{conns: make(chan net.Conn), closed: closed, close: sync.OnceFunc(func() { close(closed) })}
	p.Server = &httptest.Server{Listener: pipes, Config: &http.Server{Handler: p}}
	p.Start()
	transport := &http.Transport{DialContext: pipes.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		p.Close()
	})
	return p, &graph.Client{BaseURL: "http://graph.example/v1.0", HTTP: &http.Client{Transport: transport}, Pause: time.Millisecond}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func (l pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error {
	l.close()
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
