package auth

import (
	"context"
	"crypto/subtle"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

// Finish takes what the provider sent back with the browser, redeems the code
// and says who it is. A person of the tenant without an app role gets NoRole and
// no error. Every error is a *meeting.Error with a signin key; see failure.
func (p *Provider) Finish(ctx context.Context, flow Flow, query url.Values) (Identity, Tokens, error) {
	if !same(flow.State, query.Get("state")) {
		return Identity{}, Tokens{}, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonSignInState}
	}
	if query.Has("error") {
		return Identity{}, Tokens{}, signInFailure(redirected(query))
	}
	if query.Get("code") == "" {
		return Identity{}, Tokens{}, &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInNoCode}
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, Tokens{}, err
	}
	token, err := p.oauth(found).Exchange(p.context(ctx), query.Get("code"), oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Identity{}, Tokens{}, signInFailure(fromExchange(err))
	}
	tokens, err := p.tokens(token)
	if err != nil {
		return Identity{}, Tokens{}, signInFailure(fromExchange(err))
	}
	c, err := p.readIDToken(ctx, found, flow, tokens.IDToken)
	if err != nil {
		return Identity{}, Tokens{}, err
	}
	if err := p.admit(c); err != nil {
		return Identity{}, Tokens{}, err
	}
	if err := p.checkScope(tokens.Scope); err != nil {
		return Identity{}, Tokens{}, err
	}
	if tokens.Scope == "" {
		tokens.Scope = strings.Join(p.cfg.Scopes, " ") // unsaid, it is as asked (RFC 6749, section 5.1)
	}
	return p.identity(c), tokens, nil
}

// same compares in constant time; a blank secret equals nothing.
func same(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
