package auth

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

// Finish completes a sign-in. It redeems the code in the callback's query, verifies the ID
// token, and returns the person and their tokens. If the person has no app role, Role is
// NoRole. Every error is a *meeting.Error whose key begins with "signin".
func (p *Provider) Finish(ctx context.Context, flow Flow, query url.Values) (Identity, Tokens, error) {
	if !equalSecrets(flow.State, query.Get("state")) {
		return Identity{}, Tokens{}, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonSignInState}
	}
	if err := p.checkResponseIssuer(p.found.Load(), query); err != nil {
		return Identity{}, Tokens{}, err
	}
	if query.Has("error") {
		return Identity{}, Tokens{}, signInFailure(failureOfRedirect(query))
	}
	if query.Get("code") == "" {
		return Identity{}, Tokens{}, &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInNoCode}
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, Tokens{}, err
	}
	if err := p.checkResponseIssuer(found, query); err != nil {
		return Identity{}, Tokens{}, err
	}
	config, tokenCtx := p.oauth(ctx, found)
	token, err := config.Exchange(tokenCtx, query.Get("code"), oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Identity{}, Tokens{}, signInFailure(failureOfExchange(err))
	}
	tokens, err := p.tokens(token)
	if err != nil {
		return Identity{}, Tokens{}, signInFailure(failureOfExchange(err))
	}
	c, err := p.readIDToken(ctx, found, tokens.IDToken)
	if err == nil {
		err = checkNonce(c, flow)
	}
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
		// An absent scope means that everything requested was granted (RFC 6749, section 5.1).
		tokens.Scope = strings.Join(p.cfg.Scopes, " ")
	}
	return p.identity(c), tokens, nil
}

// checkResponseIssuer checks that the configured provider redirected the browser (RFC
// 9207). A provider that announces the iss parameter must send it. The argument found is
// nil until the metadata is known.
func (p *Provider) checkResponseIssuer(found *discovered, query url.Values) error {
	switch issuers := query["iss"]; {
	case len(issuers) == 0 && (found == nil || !found.SendsIssuer):
		return nil
	case len(issuers) == 1 && issuers[0] == p.cfg.Issuer:
		return nil
	default:
		return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInIssuer, Err: fmt.Errorf("the response's iss is %.200q", issuers)}
	}
}

// equalSecrets reports whether the secrets are equal, in constant time. An empty secret
// is never equal.
func equalSecrets(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
