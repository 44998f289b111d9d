package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Flow is what one browser's sign-in must remember between Start and Finish. The
// verifier is a secret.
type Flow struct {
	State    string
	Nonce    string
	Verifier string // of PKCE
}

// NewFlow returns a flow that nobody can guess. The caller may replace State: the
// provider returns it as it is.
func NewFlow() Flow {
	return Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
}

// The longest hint and the longest challenge that are passed on, in bytes of the
// address. Entra's challenges have about a hundred, and all of the address has to
// fit into a proxy's buffer of 4 KB for response headers.
const (
	maxHint   = 300
	maxClaims = 800
)

// Start returns the address to send the browser to. A login hint, usually the
// person's UPN, spares them the choice of an account. Claims are those of a
// challenge by Graph, as JSON, which the next token must satisfy (Entra: claims
// challenges). What is not a JSON object is left out, as are claims and hints that
// are too long. The error is a *meeting.Error as of Discover.
func (p *Provider) Start(ctx context.Context, flow Flow, loginHint, claims string) (authURL string, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{
		oidc.Nonce(flow.Nonce),
		oauth2.S256ChallengeOption(flow.Verifier),
		// form_post would be a cross-site POST, without the flow's Lax cookie.
		oauth2.SetAuthURLParam("response_mode", "query"),
	}
	if loginHint != "" && len(url.QueryEscape(loginHint)) <= maxHint {
		options = append(options, oauth2.SetAuthURLParam("login_hint", loginHint))
	}
	if isChallenge(claims) {
		options = append(options, oauth2.SetAuthURLParam("claims", claims))
	}
	return p.oauth(found).AuthCodeURL(flow.State, options...), nil
}

func isChallenge(claims string) bool {
	var object map[string]json.RawMessage
	return len(url.QueryEscape(claims)) <= maxClaims && json.Unmarshal([]byte(claims), &object) == nil && object != nil
}
