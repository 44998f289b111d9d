package desk

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/store"
)

// silent answers only requests for the provider's metadata. It records the deadline of any
// other request.
type silent struct{ deadline time.Time }

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		s.deadline, _ = r.Context().Deadline()
		return nil, errors.New("no answer")
	}
	const metadata = `{"issuer":"https://login.example","authorization_endpoint":"https://login.example/a","token_endpoint":"https://login.example/t","jwks_uri":"https://login.example/k"}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(metadata)), Request: r}, nil
}

// The desk stops waiting for the provider 30 seconds before a renewal ends. This leaves
// time to store the tokens, even if the database cannot be reached at first.
func TestARenewalLeavesTimeToStore(t *testing.T) {
	provider := new(silent)
	d := &Desk{Auth: auth.New(auth.Config{Issuer: "https://login.example", HTTP: &http.Client{Transport: provider}})}
	ends := time.Now().Add(time.Minute)
	_, err := d.askProvider(t.Context(), store.Renewal{Tokens: store.Tokens{RefreshToken: "r"}, Until: ends})
	if left := ends.Sub(provider.deadline); err == nil || left != 30*time.Second {
		t.Errorf("the provider may answer until %v before the end of the renewal, want 30s (%v)", left, err)
	}
}
