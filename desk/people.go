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
		return nil, &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonPeopleOff}
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpBudget)
	defer cancel()
	if err := d.awaitService(ctx, store.Directory, actor.User.ID, time.Now()); err != nil {
		return nil, err
	}
	token, err := d.token(ctx, actor, "")
	if err != nil {
		return nil, err
	}
	found, err := d.directoryClient(ctx, actor.User.ID).SearchPeople(ctx, token, text)
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonPeopleUnavailable, Err: err}
	}
	return found, nil
}

// directoryClient returns a client for the directoryClient that records how long it is asked to
// wait.
func (d *Desk) directoryClient(ctx context.Context, userID int64) *graph.Client {
	client := *d.Graph
	client.OnWait = d.waitRecorder(ctx, store.Directory, userID)
	return &client
}

// resolve asks the directory who the attendees are, where the person's sign-in
// allows it. Whoever it does not tell, or not in time, stays as typed: Graph
// takes an address alone, and the page marks them.
func (d *Desk) resolve(ctx context.Context, who caller, attendees []meeting.Attendee) []meeting.Attendee {
	ctx, cancel := context.WithTimeout(ctx, min(lookUpBudget, time.Until(who.deadline)/2))
	defer cancel()
	said := d.lookUp(ctx, who.actor, attendees)
	return meeting.Resolve(attendees, said.found)
}

// directoryAnswers holds what the directoryAnswers answered, by address in lower case. It gave no
// answer about an address in neither map.
type directoryAnswers struct {
	found  map[string]meeting.Person
	absent map[string]bool
}

// lookUp asks the directory about the attendees whose object IDs are not known, at
// most maxLookUps of them. It says nothing where the directory may not be asked.
func (d *Desk) lookUp(ctx context.Context, actor Actor, attendees []meeting.Attendee) directoryAnswers {
	said := directoryAnswers{found: make(map[string]meeting.Person), absent: make(map[string]bool)}
	var ask []meeting.Attendee
	for _, a := range attendees {
		if a.ObjectID == "" && a.UPN != "" && len(ask) < maxLookUps {
			ask = append(ask, a)
		}
	}
	if len(ask) == 0 || !d.CanLookUp(ctx, actor) {
		return said
	}
	if d.awaitService(ctx, store.Directory, actor.User.ID, time.Now()) != nil {
		return said
	}
	token, err := d.token(ctx, actor, "")
	if err != nil {
		return said // the call itself will say it
	}
	client := d.directoryClient(ctx, actor.User.ID)
	var mu sync.Mutex
	lookUps, ctx := errgroup.WithContext(ctx)
	lookUps.SetLimit(lookUpsAtOnce)
	for _, a := range ask {
		lookUps.Go(func() error {
			p, err := personOf(ctx, client, token, a)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				said.found[strings.ToLower(a.UPN)] = p
			case graph.IsNotFound(err):
				said.absent[strings.ToLower(a.UPN)] = true
			default:
				return err // a directory that fails is not asked on and on
			}
			return nil
		})
	}
	if err := lookUps.Wait(); err != nil {
		d.Log.WarnContext(ctx, "look up attendees", "error", err)
	}
	return said
}

// personOf returns who the attendee is. Somebody who is to have a role is looked up by
// mail address too: the role counts only with the account that the directory has, and a
// guest's UPN is not the address that people know.
func personOf(ctx context.Context, c *graph.Client, token string, a meeting.Attendee) (meeting.Person, error) {
	p, err := c.Person(ctx, token, a.UPN)
	if !graph.IsNotFound(err) || len(meeting.NewRoles([]meeting.Attendee{a}, nil)) == 0 {
		return p, err
	}
	found, searchErr := c.SearchPeople(ctx, token, a.UPN)
	if searchErr != nil {
		return p, searchErr
	}
	for _, p := range found {
		if strings.EqualFold(p.Mail, a.UPN) || strings.EqualFold(p.UPN, a.UPN) {
			return p, nil
		}
	}
	return p, err
}
