package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

// meetingsScope is what Graph wants for createOrGet with a person's token.
const meetingsScope = "OnlineMeetings.ReadWrite"

// Tokens are a person's grant. All of it is secret.
type Tokens struct {
	AccessToken  string    // opaque, for Graph only
	RefreshToken string    // may change with every refresh; "" where none was granted
	IDToken      string    // of the sign-in, verified; a hint for SignOutURL
	Expiry       time.Time // of the access token, UTC; zero where the provider did not say
	Scope        string    // what was granted, separated by spaces
}

// Granted reports whether the scope, without its resource, is among what was
// granted, with or without one. A scope of another name that includes it, such
// as OnlineMeetings.ReadWrite.All, is another.
func (t Tokens) Granted(scope string) bool { return hasScope(strings.Fields(t.Scope), scope) }

// Refresh returns fresh tokens. Nothing is stored: the caller stores the result
// before using it, and lets no two refreshes of one grant run at once. The old
// refresh token stays where no new one came. The error is a *meeting.Error:
// Unauthorized reason.sign_in where the grant is dead, Unavailable
// signin.unavailable where the provider gave no proper answer, and Unavailable
// signin.setup where the desk's own registration is at fault.
func (p *Provider) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	if old.RefreshToken == "" {
		return Tokens{}, dead(errors.New("no refresh token"))
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Tokens{}, err
	}
	source := p.oauth(found).TokenSource(p.context(ctx), &oauth2.Token{RefreshToken: old.RefreshToken})
	token, err := source.Token()
	if err != nil {
		return Tokens{}, refreshFailure(fromExchange(err))
	}
	fresh, err := p.tokens(token)
	if err != nil {
		return Tokens{}, refreshFailure(fromExchange(err))
	}
	fresh.IDToken = old.IDToken // a new one would be unverified, and is not needed
	if fresh.RefreshToken == "" {
		fresh.RefreshToken = old.RefreshToken
	}
	if fresh.Scope == "" {
		fresh.Scope = old.Scope
	}
	return fresh, nil
}

// tokens reads a token response by exact names. The oauth2 package reads its own fields
// without regard to case, but keeps the members as they came.
func (p *Provider) tokens(t *oauth2.Token) (Tokens, error) {
	text := func(name string) string { value, _ := t.Extra(name).(string); return value }
	tokens := Tokens{
		AccessToken: text("access_token"), RefreshToken: text("refresh_token"), IDToken: text("id_token"), Scope: text("scope"),
	}
	if tokens.AccessToken == "" {
		return Tokens{}, errNoToken
	}
	// In quotes as some providers write it.
	if life, err := strconv.ParseFloat(fmt.Sprint(t.Extra("expires_in")), 64); err == nil && life > 0 && life < 1<<31 {
		tokens.Expiry = p.cfg.Now().UTC().Add(time.Duration(life) * time.Second)
	}
	return tokens, nil
}

var errNoToken = errors.New("the reply has no access_token")

// checkScope refuses a grant without the scope for meetings if it was asked for.
// A reply without scope granted what was asked (RFC 6749, section 5.1).
func (p *Provider) checkScope(granted string) error {
	if granted == "" || !hasScope(p.cfg.Scopes, meetingsScope) || hasScope(strings.Fields(granted), meetingsScope) {
		return nil
	}
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInScope, Err: errors.New(meetingsScope + " was not granted")}
}

// hasScope looks for the bare name, which means Graph, or the one with its
// resource: https://graph.microsoft.us/OnlineMeetings.ReadWrite.
func hasScope(scopes []string, bare string) bool {
	for _, scope := range scopes {
		if bare != "" && strings.EqualFold(scope[strings.LastIndexByte(scope, '/')+1:], bare) {
			return true
		}
	}
	return false
}
