package auth_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/auth"
)

// Discover gives up after ten seconds if the provider never answers. The connections are
// pipes, because the clock of a synctest bubble does not advance while a goroutine waits
// for a socket.
func TestASilentProviderIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				buffer := make([]byte, 4096)
				for { // read the request and send no response
					if _, err := theirs.Read(buffer); err != nil {
						return
					}
				}
			}()
			return ours, nil
		}}
		defer silent.CloseIdleConnections()
		defer func(usual http.RoundTripper) { http.DefaultTransport = usual }(http.DefaultTransport)
		http.DefaultTransport = silent
		desk := auth.New(auth.Config{Issuer: "http://provider.example/v2.0", ClientID: "desk"})
		began := time.Now()
		err := desk.Discover(t.Context())
		if waited := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, context.DeadlineExceeded) || waited != 10*time.Second {
			t.Errorf("%v after %v, want a time-out after ten seconds", err, waited)
		}
	})
}
