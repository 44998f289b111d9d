package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Flow holds the values of a sign-in that the caller must keep from Start to Finish. The
// verifier is secret.
type Flow struct {
	State    string
	Nonce    string
	Verifier string // the PKCE code verifier
}

// NewFlow returns a flow with random values. The caller may replace State, which the
// provider returns unchanged.
func NewFlow() Flow {
	return Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
}

// The maximum lengths of a login hint and a claims challenge, in bytes after
// percent-encoding. Entra's challenges are about 100 bytes long. The URL must fit into
// a proxy's 4 KB buffer for response headers.
const (
	maxHint   = 300
	maxClaims = 800
)

// Start returns the URL to which the caller must redirect the browser. With a login hint,
// usually the UPN, the user need not choose an account. The parameter claims is a claims
// challenge from Graph, in JSON (Entra: claims challenges). Start omits invalid claims and
// values that are too long. It returns the same errors as Discover.
func (p *Provider) Start(ctx context.Context, flow Flow, loginHint, claims string) (authURL string, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{
		oidc.Nonce(flow.Nonce),
		oauth2.S256ChallengeOption(flow.Verifier),
		// With form_post, the response would be a cross-site POST request. Browsers do
		// not send Lax cookies with such requests.
		oauth2.SetAuthURLParam("response_mode", "query"),
	}
	if loginHint != "" && len(url.QueryEscape(loginHint)) <= maxHint {
		options = append(options, oauth2.SetAuthURLParam("login_hint", loginHint))
	}
	if isChallenge(claims) {
		options = append(options, oauth2.SetAuthURLParam("claims", claims))
	}
	config, _ := p.oauth(ctx, found)
	return config.AuthCodeURL(flow.State, options...), nil
}

// isChallenge reports whether the string is a claims challenge that is short enough to
// pass on.
func isChallenge(claims string) bool {
	var object map[string]json.RawMessage
	return len(url.QueryEscape(claims)) <= maxClaims && json.Unmarshal([]byte(claims), &object) == nil && object != nil
}
