package desk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
	"meetdesk/store"
)

// freshFor is how long an access token must still be valid when it is used. It is longer
// than any operation on Graph.
const freshFor = time.Minute

// token returns an access token from the actor's grant, but never the rejected one. A new
// token is stored before it is used, because the provider may no longer accept the old
// refresh token. Renewals of a grant run one at a time.
func (d *Desk) token(ctx context.Context, actor Actor, rejected string) (string, error) {
	unlock, err := d.lock(ctx, &d.grants, "grant", strconv.FormatInt(actor.GrantID, 10))
	if err != nil { // another renewal is taking too long, so the lock was not released in time
		return "", &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: err}
	}
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	fresh := tokens.Expiry.IsZero() || d.Now().Add(freshFor).Before(tokens.Expiry) // the expiry is zero if the provider did not give one
	if err != nil || fresh && tokens.AccessToken != rejected {
		unlock()
		return tokens.AccessToken, err
	}
	if err := d.awaitService(ctx, store.SignIn, actor.User.ID, time.Now()); err != nil {
		unlock()
		return "", err
	}
	// The renewal continues even if the person stops waiting. Otherwise both the old and
	// the new refresh token could be lost.
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

// renew gets new tokens for the grant and stores them. If the person's role has changed,
// renew stores the new role, too. If the provider no longer accepts the grant, renew ends
// its sessions.
func (d *Desk) renew(ctx context.Context, actor Actor, old store.Tokens) (string, error) {
	fresh, err := d.Auth.Refresh(ctx, auth.Tokens(old))
	if err != nil {
		d.recordProviderWait(ctx, store.SignIn, actor.User.ID, err)
		return "", errors.Join(err, d.noteGrant(ctx, actor, err))
	}
	d.rechecks.setStepUp(actor.GrantID, false)
	if err := d.Store.SaveTokens(ctx, actor.GrantID, store.Tokens(fresh)); err != nil {
		return "", err
	}
	if role, ok := d.Auth.RoleIn(fresh.IDToken); ok && role != actor.User.Role && fresh.IDToken != old.IDToken {
		err = d.Store.ChangeRole(ctx, actor.User.ID, role)
	}
	return fresh.AccessToken, err
}

// noteGrant handles the error of a failed token refresh. Depending on the error, it ends
// the grant, records that the person must sign in again, or does nothing.
func (d *Desk) noteGrant(ctx context.Context, actor Actor, err error) error {
	switch auth.StateAfter(err) {
	case auth.GrantEnded:
		d.Log.InfoContext(ctx, "the provider no longer accepts the sign-in; its sessions end", "user", actor.User.ID, "error", err)
		return d.Store.EndGrant(ctx, actor.GrantID)
	case auth.GrantStepUp:
		d.rechecks.setStepUp(actor.GrantID, true)
	}
	return nil
}

// appToken returns a token for the application, but never the rejected one.
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
