package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// meetingsScope is the scope that createOrGet needs in a delegated token.
const meetingsScope = "OnlineMeetings.ReadWrite"

// Tokens holds the tokens that a person's sign-in granted. All fields are secret.
type Tokens struct {
	AccessToken  string    // opaque, for Graph only
	RefreshToken string    // may change with every refresh; "" if none was granted
	IDToken      string    // the last verified ID token; a hint for SignOutURL
	Expiry       time.Time // expiry of the access token, in UTC; zero if the provider did not specify it
	Scope        string    // the granted scopes, separated by spaces
}

// Granted reports whether the scope, given without its resource, was granted. A grant of
// OnlineMeetings.ReadWrite.All does not count as OnlineMeetings.ReadWrite.
func (t Tokens) Granted(scope string) bool { return hasScope(strings.Fields(t.Scope), scope) }

// Refresh returns fresh tokens. The caller must store them before using them, and must
// not refresh the same grant concurrently.
//
// The error is a *meeting.Error. If the grant cannot be used, the error's code is
// Unauthorized, and its key is reason.sign_in, reason.consent or reason.blocked. In all
// other cases, the code is Unavailable. If the provider refuses the desk's registration, the
// key is signin.setup. Otherwise, it is one of the keys that Discover returns.
func (p *Provider) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	if old.RefreshToken == "" {
		return Tokens{}, signInAgain(errNoRefreshToken)
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Tokens{}, err
	}
	config, tokenCtx := p.oauth(ctx, found)
	token, err := config.TokenSource(tokenCtx, &oauth2.Token{RefreshToken: old.RefreshToken}).Token()
	if err != nil {
		return Tokens{}, refreshFailure(failureOfExchange(err))
	}
	fresh, err := p.tokens(token)
	if err != nil {
		return Tokens{}, refreshFailure(failureOfExchange(err))
	}
	if fresh.IDToken == "" { // not every provider sends a new one
		fresh.IDToken = old.IDToken
	} else if err := p.checkSamePerson(ctx, found, old.IDToken, fresh.IDToken); err != nil {
		return Tokens{}, err
	}
	if fresh.RefreshToken == "" {
		fresh.RefreshToken = old.RefreshToken
	}
	if fresh.Scope == "" {
		fresh.Scope = old.Scope
	}
	return fresh, nil
}

// checkSamePerson verifies a refreshed ID token. It returns an error unless the token
// is for the same person as oldToken, which was verified earlier (OpenID Connect Core,
// section 12.2).
func (p *Provider) checkSamePerson(ctx context.Context, found *discovered, oldToken, freshToken string) error {
	fresh, err := p.readIDToken(ctx, found, freshToken)
	if meeting.CodeOf(err) == meeting.Unavailable {
		return err
	}
	if err != nil {
		return signInAgain(fmt.Errorf("refresh: %w", err))
	}
	var old claims
	if _, payload, err := decodeToken(oldToken); err != nil || exactjson.Unmarshal(payload, &old) != nil {
		return signInAgain(errors.New("refresh: the ID token of the sign-in cannot be read"))
	}
	if old.TenantID != fresh.TenantID || old.ObjectID != fresh.ObjectID {
		return signInAgain(fmt.Errorf("refresh: tokens for oid %q instead of %q", fresh.ObjectID, old.ObjectID))
	}
	return nil
}

// tokens returns the tokens in a token response. It uses Extra because the oauth2 package
// ignores case in the names of the members that it parses.
func (p *Provider) tokens(t *oauth2.Token) (Tokens, error) {
	text := func(name string) string { value, _ := t.Extra(name).(string); return value }
	tokens := Tokens{
		AccessToken: text("access_token"), RefreshToken: text("refresh_token"), IDToken: text("id_token"), Scope: text("scope"),
	}
	if tokens.AccessToken == "" {
		return Tokens{}, errNoToken
	}
	// Some providers send expires_in as a string.
	if seconds, err := strconv.ParseFloat(fmt.Sprint(t.Extra("expires_in")), 64); err == nil && seconds > 0 && seconds < 1<<31 {
		tokens.Expiry = p.cfg.Now().UTC().Add(time.Duration(seconds) * time.Second)
	}
	return tokens, nil
}

var errNoToken = errors.New("the response has no access_token")

// checkScope returns an error if the scope for meetings was requested but not granted. An
// absent scope means that everything requested was granted (RFC 6749, section 5.1).
func (p *Provider) checkScope(granted string) error {
	if granted == "" || !hasScope(p.cfg.Scopes, meetingsScope) || hasScope(strings.Fields(granted), meetingsScope) {
		return nil
	}
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInScope, Err: errors.New(meetingsScope + " was not granted")}
}

// hasScope reports whether the scopes contain the name. A scope may begin with a
// resource, as in https://graph.microsoft.us/OnlineMeetings.ReadWrite.
func hasScope(scopes []string, name string) bool {
	for _, scope := range scopes {
		if name != "" && strings.EqualFold(scope[strings.LastIndexByte(scope, '/')+1:], name) {
			return true
		}
	}
	return false
}
