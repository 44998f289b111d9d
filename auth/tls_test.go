package auth_test

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// The desk sends no request to a provider whose certificate it cannot verify or that
// supports only TLS versions older than 1.2.
func TestProviderNeedsTrustedTLS(t *testing.T) {
	for _, tt := range []struct {
		name, why string
		newest    uint16
	}{
		{"untrusted certificate", "certificate", tls.VersionTLS13},
		{"TLS 1.1", "protocol version", tls.VersionTLS11},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var requests atomic.Int32
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
			server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tt.newest}
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)
			err := auth.New(auth.Config{Issuer: server.URL, ClientID: "desk", Credential: auth.Credential{Secret: secret}}).Discover(t.Context())
			wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			if !strings.Contains(err.Error(), tt.why) || requests.Load() != 0 {
				t.Errorf("%d requests, and the error %v; want none, and an error about the %s", requests.Load(), err, tt.why)
			}
		})
	}
}
