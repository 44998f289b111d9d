package entra

import (
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"meetdesk/emulator/tenant"
)

func TestSweep(t *testing.T) {
	begun := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	now := begun
	s := newSignIns(func() time.Time { return now })
	request := &signInRequest{AuthRequest: new(oidc.AuthRequest)}
	s.addPending(request)
	s.accept(request, tenant.Person{})
	if err := s.saveCode(s.accept(request, tenant.Person{}).id, "code"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after                    time.Duration
		pending, requests, codes int
	}{{signInLife - time.Second, 1, 1, 1}, {signInLife, 0, 0, 1}, {2 * signInLife, 0, 0, 0}} {
		now = begun.Add(tt.after)
		s.sweep()
		if len(s.pending) != tt.pending || len(s.requests) != tt.requests || len(s.codes) != tt.codes {
			t.Errorf("after %v: %d pending, %d requests, %d codes; want %d, %d, %d", tt.after, len(s.pending), len(s.requests), len(s.codes), tt.pending, tt.requests, tt.codes)
		}
	}
}
