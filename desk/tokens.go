package desk

import (
	"context"
	"strconv"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
	"meetdesk/store"
)

// freshFor is how long an access token must still be good to be used: longer
// than any one wait for Graph.
const freshFor = time.Minute

// token returns an access token of the grant other than the rejected one. A
// token that is nearly over is refreshed first: one refresh at a time per
// grant, and what came is stored before it is used, since the provider may
// honour the old refresh token no longer.
func (d *Desk) token(ctx context.Context, actor Actor, rejected string) (string, error) {
	unlock, err := d.grants.lock(ctx, strconv.FormatInt(actor.GrantID, 10))
	if err != nil { // a renewal is under way that takes too long
		return "", &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: err}
	}
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	fresh := tokens.Expiry.IsZero() || d.Now().Add(freshFor).Before(tokens.Expiry) // zero: the provider did not say
	if err != nil || fresh && tokens.AccessToken != rejected {
		unlock()
		return tokens.AccessToken, err
	}
	if err := d.awaitService(ctx, store.SignIn, actor.User.ID, time.Now()); err != nil {
		unlock()
		return "", err
	}
	// A refresh that has begun is carried through, however long the person was
	// going to wait: giving up half-way could lose the new token and the old.
	type outcome struct {
		token string
		err   error
	}
	done := make(chan outcome, 1)
	d.renewals.Go(func() {
		defer unlock()
		token, err := d.renew(context.WithoutCancel(ctx), actor, tokens)
		done <- outcome{token, err}
	})
	select {
	case o := <-done:
		return o.token, o.err
	case <-ctx.Done():
		return "", &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: ctx.Err()}
	}
}

// renew exchanges the grant's tokens for fresh ones and keeps them.
func (d *Desk) renew(ctx context.Context, actor Actor, old store.Tokens) (string, error) {
	fresh, err := d.Auth.Refresh(ctx, auth.Tokens(old))
	if err != nil {
		d.recordProviderWait(ctx, store.SignIn, actor.User.ID, err)
		return "", err
	}
	return fresh.AccessToken, d.Store.SaveTokens(ctx, actor.GrantID, store.Tokens(fresh))
}

// appToken returns a token of the program's own other than the rejected one.
func (d *Desk) appToken(ctx context.Context, rejected string, deadline time.Time) (string, error) {
	if token, ok := d.App.Auth.Cached(rejected); ok {
		return token, nil
	}
	if err := d.awaitService(ctx, store.Application, store.WholeDesk, deadline); err != nil {
		return "", err
	}
	token, err := d.App.Auth.Token(ctx, rejected)
	if err != nil {
		d.recordProviderWait(ctx, store.Application, store.WholeDesk, err)
	}
	return token, err
}
