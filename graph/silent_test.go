package graph

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// The client gives up on a server that accepts a connection and then stays silent. With
// TLS, it gives up after tlsTimeout, which leaves time for a second try. Without TLS, it
// gives up after tryTimeout.
func TestSilentServersAreGivenUp(t *testing.T) {
	for address, after := range map[string]time.Duration{"https://graph.example": tlsTimeout, "http://graph.example": tryTimeout} {
		synctest.Test(t, func(t *testing.T) {
			transport := newTransport()
			transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				near, far := net.Pipe()
				t.Cleanup(func() { far.Close() })
				return near, nil
			}
			client := &http.Client{Transport: transport, Timeout: defaultHTTP.Timeout}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err = client.Do(r)
			var late net.Error
			if waited := time.Since(began); !errors.As(err, &late) || !late.Timeout() || waited != after {
				t.Errorf("%s: %v after %v, want a timeout after %v", address, err, waited, after)
			}
		})
	}
}
