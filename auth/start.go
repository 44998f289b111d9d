package auth

import (
	"context"
	"crypto/rand"

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

// Start returns the address to send the browser to. A login hint, usually the
// person's UPN, spares them the choice of an account. The error is a
// *meeting.Error as of Discover.
func (p *Provider) Start(ctx context.Context, loginHint string) (authURL string, flow Flow, err error) {
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
	return p.oauth(found).AuthCodeURL(flow.State, options...), flow, nil
}
