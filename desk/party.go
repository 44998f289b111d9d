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

// party is who does something, in whose name Graph is called for it and with
// which token, and until when a person waits for that.
type party struct {
	actor     Actor
	mode      meeting.Mode // the organizer's own token, or the program's for that organizer
	organizer meeting.User // whose meeting it is
	until     time.Time    // by the real clock
}

// partyOf joins a mode to the actor's tokens. A delegated token reaches the
// meetings of whose it is and no others, so that it is refused for anybody
// else's before it could be sent.
func (d *Desk) partyOf(actor Actor, mode meeting.Mode, organizer meeting.User, until time.Time) (party, error) {
	own := organizer.ID == actor.User.ID
	if allowed := mode == meeting.Delegated && own || mode == meeting.Application && !own; !allowed {
		return party{}, fmt.Errorf("user %d in %s mode for organizer %d", actor.User.ID, mode, organizer.ID)
	}
	return party{actor: actor, mode: mode, organizer: organizer, until: until}, nil
}

// as returns how to call Graph for the party, with another token than the
// rejected one.
func (d *Desk) as(ctx context.Context, p party, rejected string) (as graph.As, token string, err error) {
	if p.mode == meeting.Delegated {
		token, err = d.token(ctx, p.actor, rejected)
		return graph.Me(token), token, err
	}
	if _, ok := d.App.organizer(p.organizer.ObjectID); !ok {
		return as, "", errOff
	}
	token, err = d.appToken(ctx, rejected, p.until)
	return graph.For(p.organizer.ObjectID, token), token, err
}

// maxTries is how often Graph is called for one act while a person waits, all
// reasons to repeat it together.
const maxTries = 3

// call does one operation on Graph with a fresh token, for as long as the person
// waits. A token that Graph does not take, though it is not over, is replaced
// once; a claims challenge is not answered that way, since only the person can.
// Before the time that Microsoft asked to wait for, nothing is sent.
func (d *Desk) call(ctx context.Context, p party, do func(context.Context, *graph.Client, graph.As) (graph.Result, error)) (graph.Result, error) {
	ctx, cancel := context.WithDeadline(ctx, p.until)
	defer cancel()
	if err := d.mayCall(ctx, store.Graph, p.organizer.ID, p.until); err != nil {
		return graph.Result{}, err
	}
	as, token, err := d.as(ctx, p, "")
	if err != nil {
		return graph.Result{}, err
	}
	client := *d.Graph
	client.MaxTries, client.Told = maxTries, d.told(ctx, store.Graph, p.organizer.ID)
	result, err := do(ctx, &client, as)
	var refused *graph.Error
	if client.MaxTries -= len(result.Calls); client.MaxTries <= 0 {
		return result, err
	}
	rejected := errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && refused.Reason != "reason.not_graph"
	if !rejected || refused.Claims != "" {
		return result, err
	}
	if as, _, err = d.as(ctx, p, token); err != nil {
		return result, err
	}
	again, err := do(ctx, &client, as)
	again.Calls = append(result.Calls, again.Calls...)
	return again, err
}
