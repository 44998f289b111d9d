package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

type caller struct {
	actor     Actor
	mode      meeting.Mode // determines whether the actor's own token or the application's token is used
	organizer meeting.User
	deadline  time.Time // by the system clock, not the desk's
}

// newCaller returns the caller for an operation. The actor's token may be used only for
// their own meetings, and the application's token only for other people's meetings.
// Anything else is an error.
func newCaller(actor Actor, mode meeting.Mode, organizer meeting.User, deadline time.Time) (caller, error) {
	own := organizer.ID == actor.User.ID
	if allowed := mode == meeting.Delegated && own || mode == meeting.Application && !own; !allowed {
		return caller{}, fmt.Errorf("user %d in %s mode for organizer %d", actor.User.ID, mode, organizer.ID)
	}
	return caller{actor: actor, mode: mode, organizer: organizer, deadline: deadline}, nil
}

// credentials returns a token, other than the rejected one, for a call to Graph. The first
// result combines the token with the only path for which it may be used.
func (d *Desk) credentials(ctx context.Context, who caller, rejected string) (as graph.As, token string, err error) {
	if who.mode == meeting.Delegated {
		token, err = d.token(ctx, who.actor, rejected)
		return graph.Me(token), token, err
	}
	if _, ok := d.App.organizer(who.organizer.ObjectID); !ok {
		return as, "", errApplicationOff
	}
	token, err = d.appToken(ctx, rejected, who.deadline)
	return graph.For(who.organizer.ObjectID, token), token, err
}

// maxTries is the maximum number of calls to Graph in one operation, including all retries.
const maxTries = 3

// call runs one Graph operation with a valid token and stops at the caller's deadline. It
// sends nothing during a delay that Microsoft requested or after the actor has signed out.
// If Graph rejects a valid token, the token is renewed once. A claims challenge is an error,
// because only the user can respond to it.
func (d *Desk) call(ctx context.Context, who caller, do func(context.Context, *graph.Client, graph.As) (graph.Result, error)) (graph.Result, error) {
	ctx, cancel := context.WithDeadline(ctx, who.deadline)
	defer cancel()
	if err := d.awaitService(ctx, store.Graph, who.organizer.ID, who.deadline); err != nil {
		return graph.Result{}, err
	}
	as, token, err := d.credentials(ctx, who, "")
	if err != nil {
		return graph.Result{}, err
	}
	client := *d.Graph
	client.MaxTries, client.OnWait = maxTries, d.waitRecorder(ctx, store.Graph, who.organizer.ID)
	client.MayTry = func(ctx context.Context) error { return d.Store.CheckGrant(ctx, who.actor.GrantID) }
	result, err := do(ctx, &client, as)
	d.noteSkew(ctx, result.Calls)
	noteEffects(ctx, result.Calls)
	var refused *graph.Error
	if client.MaxTries -= len(result.Calls); client.MaxTries <= 0 {
		return result, err
	}
	rejected := errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && refused.Reason != meeting.ReasonNotGraph
	if !rejected || refused.Claims != "" {
		return result, err
	}
	if as, _, err = d.credentials(ctx, who, token); err != nil {
		return result, err
	}
	again, err := do(ctx, &client, as)
	noteEffects(ctx, again.Calls)
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
