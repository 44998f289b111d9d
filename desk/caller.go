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

// caller is who does something, in whose name Graph is called for it and with
// which token, and until when a person waits for that.
type caller struct {
	actor     Actor
	mode      meeting.Mode // the organizer's own token, or the program's for that organizer
	organizer meeting.User // whose meeting it is
	deadline  time.Time    // by the real clock
}

// newCaller joins a mode to the actor's tokens. A delegated token reaches the
// meetings of whose it is and no others, so that it is refused for anybody
// else's before it could be sent.
func (d *Desk) newCaller(actor Actor, mode meeting.Mode, organizer meeting.User, until time.Time) (caller, error) {
	own := organizer.ID == actor.User.ID
	if allowed := mode == meeting.Delegated && own || mode == meeting.Application && !own; !allowed {
		return caller{}, fmt.Errorf("user %d in %s mode for organizer %d", actor.User.ID, mode, organizer.ID)
	}
	return caller{actor: actor, mode: mode, organizer: organizer, deadline: until}, nil
}

// credentials returns how to call Graph for the party, with another token than the
// rejected one.
func (d *Desk) credentials(ctx context.Context, p caller, rejected string) (as graph.As, token string, err error) {
	if p.mode == meeting.Delegated {
		token, err = d.token(ctx, p.actor, rejected)
		return graph.Me(token), token, err
	}
	if _, ok := d.App.organizer(p.organizer.ObjectID); !ok {
		return as, "", errApplicationOff
	}
	token, err = d.appToken(ctx, rejected, p.deadline)
	return graph.For(p.organizer.ObjectID, token), token, err
}

// maxTries is how often Graph is called for one act while a person waits, all
// reasons to repeat it together.
const maxTries = 3

// call does one operation on Graph with a fresh token, for as long as the person
// waits. A token that Graph does not take, though it is not over, is replaced
// once; a claims challenge is not answered that way, since only the person can.
// Before the time that Microsoft asked to wait for, nothing is sent.
func (d *Desk) call(ctx context.Context, p caller, do func(context.Context, *graph.Client, graph.As) (graph.Result, error)) (graph.Result, error) {
	ctx, cancel := context.WithDeadline(ctx, p.deadline)
	defer cancel()
	if err := d.awaitService(ctx, store.Graph, p.organizer.ID, p.deadline); err != nil {
		return graph.Result{}, err
	}
	as, token, err := d.credentials(ctx, p, "")
	if err != nil {
		return graph.Result{}, err
	}
	client := *d.Graph
	client.MaxTries, client.OnWait = maxTries, d.waitRecorder(ctx, store.Graph, p.organizer.ID)
	result, err := do(ctx, &client, as)
	var refused *graph.Error
	if client.MaxTries -= len(result.Calls); client.MaxTries <= 0 {
		return result, err
	}
	rejected := errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && refused.Reason != meeting.ReasonNotGraph
	if !rejected || refused.Claims != "" {
		return result, err
	}
	if as, _, err = d.credentials(ctx, p, token); err != nil {
		return result, err
	}
	again, err := do(ctx, &client, as)
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
