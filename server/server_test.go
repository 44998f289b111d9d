package server

import (
	"log/slog"
	"net/http"
	"testing"
	"time"
)

// The server has the limits that docs/operate.md lists.
func TestHTTPServerLimits(t *testing.T) {
	s := NewHTTPServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	for name, tt := range map[string]struct{ got, want time.Duration }{
		"headers":            {s.ReadHeaderTimeout, 10 * time.Second},
		"a request":          {s.ReadTimeout, 30 * time.Second},
		"a response":         {s.WriteTimeout, time.Minute},
		"an idle connection": {s.IdleTimeout, 2 * time.Minute},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
	if s.MaxHeaderBytes != 64<<10 {
		t.Errorf("headers may have %d bytes, want 64 KiB", s.MaxHeaderBytes)
	}
}
