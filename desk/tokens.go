package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
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
func (d *Desk) token(ctx context.Context, grantID int64, rejected string) (string, error) {
	unlock, err := d.grants.lock(ctx, strconv.FormatInt(grantID, 10))
	if err != nil {
		return "", err
	}
	tokens, err := d.Store.Tokens(ctx, grantID)
	fresh := tokens.Expiry.IsZero() || d.Now().Add(freshFor).Before(tokens.Expiry) // zero: the provider did not say
	if err != nil || fresh && tokens.AccessToken != rejected {
		unlock()
		return tokens.AccessToken, err
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
		token, err := d.renew(context.WithoutCancel(ctx), grantID, tokens)
		done <- outcome{token, err}
	})
	select {
	case o := <-done:
		return o.token, o.err
	case <-ctx.Done():
		return "", &meeting.Error{Code: meeting.Unavailable, Key: "signin.unavailable", Err: ctx.Err()}
	}
}

// renew exchanges the grant's tokens for fresh ones and keeps them.
func (d *Desk) renew(ctx context.Context, grantID int64, old store.Tokens) (string, error) {
	fresh, err := d.Auth.Refresh(ctx, auth.Tokens(old))
	if err != nil {
		return "", err
	}
	return fresh.AccessToken, d.Store.SaveTokens(ctx, grantID, store.Tokens(fresh))
}

// party is in whose name an attempt calls Graph, and with which token: the
// organizer's own, or the program's for that organizer.
type party struct {
	mode      meeting.Mode
	grantID   int64        // of the organizer, in delegated mode
	organizer meeting.User // whose meeting it is
}

// partyOf joins a mode to the actor's tokens. A delegated token reaches the
// meetings of whose it is and no others, so that it is refused for anybody
// else's before it could be sent.
func partyOf(actor Actor, mode meeting.Mode, organizer meeting.User) (party, error) {
	switch {
	case mode == meeting.Delegated && organizer.ID == actor.User.ID:
		return party{mode: mode, grantID: actor.GrantID, organizer: organizer}, nil
	case mode == meeting.Application && organizer.ID != actor.User.ID:
		return party{mode: mode, organizer: organizer}, nil
	}
	return party{}, fmt.Errorf("user %d in %s mode for organizer %d", actor.User.ID, mode, organizer.ID)
}

// as returns how to call Graph for the party, with another token than the
// rejected one.
func (d *Desk) as(ctx context.Context, p party, rejected string) (as graph.As, token string, err error) {
	if p.mode == meeting.Delegated {
		token, err = d.token(ctx, p.grantID, rejected)
		return graph.Me(token), token, err
	}
	if _, ok := d.App.organizer(p.organizer.ObjectID); !ok {
		return as, "", errOff
	}
	token, err = d.App.Auth.Token(ctx, rejected)
	return graph.For(p.organizer.ObjectID, token), token, err
}

// maxTries is how often Graph is called for one act while a person waits, all
// reasons to repeat it together.
const maxTries = 3

// call does one operation on Graph with a fresh token. A token that Graph does
// not take, though it is not over, is replaced once; a claims challenge is not
// answered that way, since only the person can.
func (d *Desk) call(ctx context.Context, p party, do func(*graph.Client, graph.As) (graph.Result, error)) (graph.Result, error) {
	as, token, err := d.as(ctx, p, "")
	if err != nil {
		return graph.Result{}, err
	}
	client := *d.Graph
	client.MaxTries = maxTries
	result, err := do(&client, as)
	var refused *graph.Error
	if client.MaxTries -= len(result.Calls); client.MaxTries <= 0 {
		return result, err
	}
	if !errors.As(err, &refused) || refused.Status != 401 || refused.Claims != "" {
		return result, err
	}
	if as, _, err = d.as(ctx, p, token); err != nil {
		return result, err
	}
	again, err := do(&client, as)
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
