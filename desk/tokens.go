package desk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/store"
)

// freshFor is how long an access token must still be good to be used: longer
// than any one wait for Graph.
const freshFor = time.Minute

// token returns an access token of the grant other than the rejected one. A
// token that is nearly over is refreshed first: one refresh at a time per
// grant, and what came is stored before it is used, since the provider may
// honour the old refresh token no longer.
func (d *Desk) token(ctx context.Context, grantID int64, rejected string) (string, error) {
	unlock, err := d.grants.lock(ctx, strconv.FormatInt(grantID, 10))
	if err != nil {
		return "", err
	}
	defer unlock()
	tokens, err := d.Store.Tokens(ctx, grantID)
	if err != nil {
		return "", err
	}
	fresh := tokens.Expiry.IsZero() || d.Now().Add(freshFor).Before(tokens.Expiry) // zero: the provider did not say
	if fresh && tokens.AccessToken != rejected {
		return tokens.AccessToken, nil
	}
	// A refresh that has begun is carried through, however long the person was
	// going to wait: giving up half-way could lose the new token and the old.
	ctx = context.WithoutCancel(ctx)
	refreshed, err := d.Auth.Refresh(ctx, auth.Tokens(tokens))
	if err != nil {
		return "", err
	}
	if err := d.Store.SaveTokens(ctx, grantID, store.Tokens(refreshed)); err != nil {
		return "", err
	}
	return refreshed.AccessToken, nil
}

// withToken does one operation on Graph with a fresh token of the grant. A
// token that Graph does not take, though it is not over, is refreshed once;
// a claims challenge is not answered that way, since only the person can.
func (d *Desk) withToken(ctx context.Context, grantID int64, do func(token string) (graph.Result, error)) (graph.Result, error) {
	token, err := d.token(ctx, grantID, "")
	if err != nil {
		return graph.Result{}, err
	}
	result, err := do(token)
	var refused *graph.Error
	if !errors.As(err, &refused) || refused.Status != 401 || refused.Claims != "" {
		return result, err
	}
	if token, err = d.token(ctx, grantID, token); err != nil {
		return result, err
	}
	again, err := do(token)
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
