package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
)

const (
	lookUpBudget  = 3 * time.Second // for the directory, which nothing must wait for long
	maxLookUps    = 100             // addresses of one form that are looked up
	lookUpsAtOnce = 4
)

// directoryScope is what Graph wants for looking up people (Graph: List users).
const directoryScope = "User.ReadBasic.All"

// CanLookUp reports whether the person's sign-in lets the desk ask the directory.
func (d *Desk) CanLookUp(ctx context.Context, actor Actor) bool {
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	return err == nil && auth.Tokens(tokens).Granted(directoryScope)
}

// SearchPeople returns people of the directory whose name or address begins with
// the text, at most ten. It is a Forbidden error where the directory may not be
// asked, and an Unavailable one where it gave no answer.
func (d *Desk) SearchPeople(ctx context.Context, actor Actor, text string) ([]meeting.Person, error) {
	if !d.CanLookUp(ctx, actor) {
		return nil, &meeting.Error{Code: meeting.Forbidden, Key: "people.off"}
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpBudget)
	defer cancel()
	token, err := d.token(ctx, actor.GrantID, "")
	if err != nil {
		return nil, err
	}
	found, err := d.Graph.SearchPeople(ctx, token, text)
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: "people.unavailable", Err: err}
	}
	return found, nil
}

// resolve asks the directory who the attendees are, where the person's sign-in
// allows it. Whoever it does not tell, or not in time, stays as typed: Graph
// takes an address alone, and the page marks them.
func (d *Desk) resolve(ctx context.Context, who party, attendees []meeting.Attendee) []meeting.Attendee {
	if len(attendees) == 0 || !d.CanLookUp(ctx, who.actor) {
		return attendees
	}
	ctx, cancel := context.WithTimeout(ctx, min(lookUpBudget, time.Until(who.until)/2))
	defer cancel()
	token, err := d.token(ctx, who.actor.GrantID, "")
	if err != nil {
		return attendees // the call itself will say it
	}
	var (
		mu    sync.Mutex
		found = make(map[string]meeting.Person)
		asked int
	)
	lookUps, ctx := errgroup.WithContext(ctx)
	lookUps.SetLimit(lookUpsAtOnce)
	for _, a := range attendees {
		if a.ObjectID != "" || a.UPN == "" || asked == maxLookUps {
			continue
		}
		asked++
		lookUps.Go(func() error {
			p, err := d.Graph.Person(ctx, token, a.UPN)
			if err != nil {
				if graph.IsNotFound(err) {
					return nil
				}
				return err // a directory that fails is not asked on and on
			}
			mu.Lock()
			defer mu.Unlock()
			found[strings.ToLower(a.UPN)] = p
			return nil
		})
	}
	if err := lookUps.Wait(); err != nil {
		d.Log.WarnContext(ctx, "look up attendees", "error", err)
	}
	return meeting.Resolve(attendees, found)
}
