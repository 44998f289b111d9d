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

// caller describes an operation: who asked for it, whose token is sent to Graph, and the
// deadline.
type caller struct {
	actor     Actor
	mode      meeting.Mode // says whether to use the actor's own token or the application's
	organizer meeting.User
	deadline  time.Time // by the real clock
}

// newCaller returns the caller of an operation. The actor's own token is only for their
// own meetings, and the application's token only for other people's. newCaller returns an
// error for any other combination, so that the wrong person's token is never sent.
func newCaller(actor Actor, mode meeting.Mode, organizer meeting.User, deadline time.Time) (caller, error) {
	own := organizer.ID == actor.User.ID
	if allowed := mode == meeting.Delegated && own || mode == meeting.Application && !own; !allowed {
		return caller{}, fmt.Errorf("user %d in %s mode for organizer %d", actor.User.ID, mode, organizer.ID)
	}
	return caller{actor: actor, mode: mode, organizer: organizer, deadline: deadline}, nil
}

// credentials returns how to call Graph for the caller, and a token other than the
// rejected one.
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

// maxTries is how many times one operation may call Graph, whatever the reason for
// repeating a call.
const maxTries = 3

// call runs one operation on Graph with a valid token until the caller's deadline. It
// sends nothing while Microsoft asks the desk to wait. If Graph rejects a token that
// has not expired, call renews it once. Only the person can answer a claims challenge,
// so call returns that error.
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
	result, err := do(ctx, &client, as)
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
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
