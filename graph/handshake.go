package graph

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
)

// progress records the connection events of one try. The fields are atomic, because the
// slower of two parallel dials may report after the try has ended.
type progress struct {
	connected atomic.Bool
	untrusted atomic.Bool // whether a TLS handshake failed because of the server's certificate or protocol
}

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err != nil && !isNetwork(err) {
				p.untrusted.Store(true)
			}
		},
	}
}

func (p *progress) verdict(err error) verdict {
	switch {
	case proxyStatus(err) != 0:
		return proxied
	case p.connected.Load():
		return noResponse
	case p.untrusted.Load():
		return untrusted
	default:
		return unreachable
	}
}

// isNetwork reports whether a handshake failed because of the network. Unlike a bad
// certificate, a network failure may be temporary.
func isNetwork(err error) bool {
	var (
		timeout net.Error
		system  syscall.Errno // such as connection reset or broken pipe
	)
	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &system) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
