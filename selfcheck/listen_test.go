package selfcheck

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The check limits how long it waits for another program's response and how much of the
// response it reads.
func TestWhoListensIsAskedBriefly(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		desk   bool
		takes  time.Duration
	}{
		"a desk":           {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", true, 0},
		"silent":           {"", false, 2 * time.Second},
		"a long response":  {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 50_000), false, 0},
		"a short response": {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\no", false, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			usual := http.DefaultTransport
			defer func() { http.DefaultTransport = usual }()
			synctest.Test(t, func(t *testing.T) {
				transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					go func() {
						if _, err := http.ReadRequest(bufio.NewReader(theirs)); err != nil {
							return
						}
						_, _ = io.WriteString(theirs, tt.answer)
						_, _ = io.Copy(io.Discard, theirs) // until the check closes the connection
						theirs.Close()
					}()
					return ours, nil
				}}
				defer transport.CloseIdleConnections()
				http.DefaultTransport = transport
				began := time.Now()
				is := isDesk(t.Context(), "127.0.0.1:8080")
				if took := time.Since(began); is != tt.desk || took != tt.takes {
					t.Errorf("a desk: %v, after %v; want %v, after %v", is, took, tt.desk, tt.takes)
				}
			})
		})
	}
}
