package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// privateListener accepts connections from this process only. The demo uses it to write
// its history before it accepts connections from outside.
type privateListener struct {
	address string // address of the public listener
	conns   chan net.Conn
	closed  chan struct{}
	close   func()
}

func newPrivateListener(address string) *privateListener {
	l := &privateListener{address: address, conns: make(chan net.Conn), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closed) })
	return l
}

func (l *privateListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *privateListener) Close() error { l.close(); return nil }

func (l *privateListener) Addr() net.Addr { return privateAddr(l.address) }

func (l *privateListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// privateClient returns a client that connects only to the given listeners, by their public
// addresses. Like the desk's clients, it does not follow redirects.
func privateClient(listeners ...*privateListener) *http.Client {
	dial := func(ctx context.Context, _, address string) (net.Conn, error) {
		for _, l := range listeners {
			if l.address == address {
				return l.dial(ctx)
			}
		}
		return nil, fmt.Errorf("the demo reaches nothing but itself, and %s is elsewhere", address)
	}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 16},
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type privateAddr string

func (privateAddr) Network() string  { return "private" }
func (a privateAddr) String() string { return string(a) }

// closeListener closes l, which may be nil or already closed.
func closeListener(l net.Listener) error {
	if l == nil {
		return nil
	}
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
