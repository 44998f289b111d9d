package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

// Finish takes what the provider sent back with the browser, redeems the code
// and says who it is. A person of the tenant without an app role gets NoRole and
// no error. Every error is a *meeting.Error with a signin key; see failure.
func (p *Provider) Finish(ctx context.Context, flow Flow, query url.Values) (Identity, Tokens, error) {
	if !same(flow.State, query.Get("state")) {
		return Identity{}, Tokens{}, &meeting.Error{Code: meeting.Invalid, Key: "signin.state"}
	}
	if query.Has("error") {
		return Identity{}, Tokens{}, signInFailure(redirected(query))
	}
	if query.Get("code") == "" {
		return Identity{}, Tokens{}, refused("no_code", nil)
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, Tokens{}, err
	}
	token, err := p.oauth(found).Exchange(p.context(ctx), query.Get("code"), oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Identity{}, Tokens{}, signInFailure(fromExchange(err))
	}
	tokens := p.tokens(token)
	who, err := p.identify(ctx, found, flow, tokens.IDToken)
	if err != nil {
		return Identity{}, Tokens{}, err
	}
	if err := p.checkScope(tokens.Scope); err != nil {
		return Identity{}, Tokens{}, err
	}
	if tokens.Scope == "" {
		tokens.Scope = strings.Join(p.cfg.Scopes, " ") // unsaid, it is as asked (RFC 6749, section 5.1)
	}
	return who, tokens, nil
}

// identify verifies the ID token and reads the person from it.
func (p *Provider) identify(ctx context.Context, found *discovered, flow Flow, idToken string) (Identity, error) {
	verifier := found.provider.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: p.cfg.Now})
	verified, err := verifier.Verify(p.context(ctx), idToken)
	if err != nil {
		return Identity{}, unverified(brief(err))
	}
	if !same(flow.Nonce, verified.Nonce) {
		return Identity{}, refused("id_token", errors.New("verify ID token: another nonce"))
	}
	var c claims
	if err := verified.Claims(&c); err != nil {
		return Identity{}, refused("id_token", fmt.Errorf("read ID token: %w", err))
	}
	if err := p.admit(c); err != nil {
		return Identity{}, err
	}
	return p.identity(c), nil
}

// unverified tells keys that could not be fetched from a token that is no good.
// go-oidc drops the cause and keeps its text; a test holds on to it.
func unverified(err error) error {
	err = fmt.Errorf("verify ID token: %w", err)
	if strings.Contains(err.Error(), "fetching keys") {
		return unavailable(err)
	}
	return refused("id_token", err)
}

// same compares in constant time; a blank secret equals nothing.
func same(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
