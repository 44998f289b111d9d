package graph

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestSilentServersAreGivenUp checks the timeouts for a server that accepts a connection
// but sends nothing. With TLS, the timeout leaves time for a second try.
func TestSilentServersAreGivenUp(t *testing.T) {
	for address, after := range map[string]time.Duration{"https://graph.example": 3 * time.Second, "http://graph.example": 30 * time.Second} {
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

// TestDiallingIsLimited checks that connecting fails after dialTimeout if the name server
// does not respond.
func TestDiallingIsLimited(t *testing.T) {
	deaf := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}
	// The first look-up must be outside the bubble, because package net keeps the channels
	// that this look-up creates.
	if _, err := deaf.LookupHost(t.Context(), "graph.example"); err == nil {
		t.Fatal("a name server that cannot be reached has answered")
	}
	usual := net.DefaultResolver
	defer func() { net.DefaultResolver = usual }()
	synctest.Test(t, func(t *testing.T) {
		net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go io.Copy(io.Discard, far)
			return near, nil
		}}
		began := time.Now()
		_, err := newTransport().DialContext(t.Context(), "tcp", "graph.example:443")
		var late net.Error
		if waited := time.Since(began); !errors.As(err, &late) || !late.Timeout() || waited != dialTimeout {
			t.Errorf("%v after %v, want a time-out after %v", err, waited, dialTimeout)
		}
		time.Sleep(time.Minute) // until the resolver has timed out
	})
}
