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

// freshFor is the minimum remaining validity of an access token. No Graph operation takes
// longer.
const freshFor = time.Minute

// token returns an access token from the actor's grant, renewing the grant's tokens if
// necessary. It never returns the rejected token. New tokens are stored before the access
// token is used, because the provider may no longer accept the old refresh token. Renewals
// of a grant run one at a time.
func (d *Desk) token(ctx context.Context, actor Actor, rejected string) (string, error) {
	unlock, err := d.grants.lock(ctx, strconv.FormatInt(actor.GrantID, 10))
	if err != nil { // another renewal did not release the lock in time
		return "", &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: err}
	}
	usable := func(t store.Tokens) bool {
		fresh := t.Expiry.IsZero() || d.Now().Add(freshFor).Before(t.Expiry) // the expiry is zero if the provider did not give one
		return fresh && t.AccessToken != rejected
	}
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	if err != nil || usable(tokens) {
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
		token, err := d.renew(context.WithoutCancel(ctx), actor, usable)
		done <- outcome{token, err}
	})
	select {
	case o := <-done:
		return o.token, o.err
	case <-ctx.Done():
		return "", &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: ctx.Err()}
	}
}

const (
	// otherRenewal is how long renew waits for another desk that is renewing the same
	// tokens.
	otherRenewal = 20 * time.Second
	// storeTime is how much of a renewal's time is reserved for storing the new tokens.
	storeTime = 30 * time.Second
)

// renew gets new tokens for the grant and stores them, unless another desk has just stored
// usable tokens. If the person's role has changed, renew also stores the new role. If the
// provider no longer accepts the grant, renew ends its sessions.
func (d *Desk) renew(ctx context.Context, actor Actor, usable func(store.Tokens) bool) (string, error) {
	r, err := d.beginRenewal(ctx, actor.GrantID)
	if err != nil {
		return "", err
	}
	old := r.Tokens
	if usable(old) {
		return old.AccessToken, d.Store.EndRenewal(ctx, r)
	}
	fresh, err := d.askProvider(ctx, r)
	if err != nil {
		d.recordProviderWait(ctx, store.SignIn, actor.User.ID, err)
		return "", errors.Join(err, d.noteGrant(ctx, actor, err), d.Store.EndRenewal(ctx, r))
	}
	d.rechecks.setStepUp(actor.GrantID, false)
	if err := d.saveTokens(ctx, r, store.Tokens(fresh)); err != nil {
		return "", err
	}
	if role, ok := d.Auth.RoleIn(fresh.IDToken); ok && role != actor.User.Role && fresh.IDToken != old.IDToken {
		err = d.Store.ChangeRole(ctx, actor.User.ID, role)
	}
	return fresh.AccessToken, err
}

func (d *Desk) beginRenewal(ctx context.Context, grantID int64) (store.Renewal, error) {
	waiting, cancel := context.WithTimeout(ctx, otherRenewal)
	defer cancel()
	r, err := d.Store.BeginRenewal(waiting, grantID)
	if waiting.Err() != nil {
		err = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: err}
	}
	return r, err
}

// askProvider gets new tokens from the provider. It gives up early enough to leave time for
// storing the tokens before the renewal ends.
func (d *Desk) askProvider(ctx context.Context, r store.Renewal) (auth.Tokens, error) {
	ctx, cancel := context.WithDeadline(ctx, r.Until.Add(-storeTime))
	defer cancel()
	return d.Auth.Refresh(ctx, auth.Tokens(r.Tokens))
}

// saveTokens stores the new tokens. If the database is unavailable, it retries until the
// renewal ends, because the provider may no longer accept the old refresh token.
func (d *Desk) saveTokens(ctx context.Context, r store.Renewal, t store.Tokens) error {
	ctx, cancel := context.WithDeadline(ctx, r.Until)
	defer cancel()
	for {
		err := d.Store.SaveTokens(ctx, r, t)
		if err == nil || store.Failure(err) == nil {
			return err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// noteGrant handles the error from a failed token refresh. Depending on the error, it ends
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

// appToken returns a token for the application. It never returns the rejected token.
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
