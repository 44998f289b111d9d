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
	"meetdesk/store"
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
	if err := d.mayCall(ctx, store.Directory, actor.User.ID, time.Now()); err != nil {
		return nil, err
	}
	token, err := d.token(ctx, actor, "")
	if err != nil {
		return nil, err
	}
	found, err := d.directory(ctx, actor.User.ID).SearchPeople(ctx, token, text)
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: "people.unavailable", Err: err}
	}
	return found, nil
}

// directory returns a client for the directory that keeps what it is told to wait.
func (d *Desk) directory(ctx context.Context, userID int64) *graph.Client {
	client := *d.Graph
	client.Told = d.told(ctx, store.Directory, userID)
	return &client
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
	if d.mayCall(ctx, store.Directory, who.actor.User.ID, time.Now()) != nil {
		return attendees
	}
	token, err := d.token(ctx, who.actor, "")
	if err != nil {
		return attendees // the call itself will say it
	}
	directory := d.directory(ctx, who.actor.User.ID)
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
			p, err := directory.Person(ctx, token, a.UPN)
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
