package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Flow is what one browser's sign-in must remember between Start and Finish.
// The verifier is a secret: an encrypted cookie, or none that scripts can read.
type Flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // of PKCE
}

// maxClaims is the longest challenge that is passed on, in bytes. Entra's have
// about a hundred, and an address of 2,000 goes through any proxy.
const maxClaims = 2000

// Start returns the address to send the browser to. A login hint, usually the
// person's UPN, spares them the choice of an account. Claims are those of a
// challenge by Graph, as JSON, which the next token must satisfy (Entra: claims
// challenges); blank ones, and what is no JSON object of at most 2,000 bytes,
// are left out. The error is a *meeting.Error as of Discover.
func (p *Provider) Start(ctx context.Context, loginHint, claims string) (authURL string, flow Flow, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{
		oidc.Nonce(flow.Nonce),
		oauth2.S256ChallengeOption(flow.Verifier),
		// form_post would be a cross-site POST, without the flow's Lax cookie.
		oauth2.SetAuthURLParam("response_mode", "query"),
	}
	if loginHint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", loginHint))
	}
	if isChallenge(claims) {
		options = append(options, oauth2.SetAuthURLParam("claims", claims))
	}
	return p.oauth(found).AuthCodeURL(flow.State, options...), flow, nil
}

func isChallenge(claims string) bool {
	var object map[string]json.RawMessage
	return len(claims) <= maxClaims && json.Unmarshal([]byte(claims), &object) == nil && object != nil
}
