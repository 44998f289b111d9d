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
	lookUpBudget  = 3 * time.Second // the time limit for all the look-ups of one operation
	maxLookUps    = 100             // the maximum number of attendees looked up in one operation
	lookUpsAtOnce = 4
)

// directoryScope is the permission that Graph requires for listing users.
const directoryScope = "User.ReadBasic.All"

// CanLookUp reports whether the person's grant includes the permission to read the
// directory.
func (d *Desk) CanLookUp(ctx context.Context, actor Actor) bool {
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	return err == nil && auth.Tokens(tokens).Granted(directoryScope)
}

// SearchPeople returns at most ten people. The words of the text must match the beginnings
// of words in their names or email addresses. SearchPeople records the text in the audit log.
// The error is Forbidden if the person's grant does not include permission to read the
// directory, and Unavailable if the search fails.
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
	if err := d.Store.AuditSoon(ctx, actor.User.ID, store.AuditDirectoryRead, 0, text); err != nil {
		return nil, err
	}
	found, err := d.directoryClient(ctx, actor.User.ID).SearchPeople(ctx, token, text)
	if err != nil {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonPeopleUnavailable, Err: err}
	}
	return found, nil
}

// directoryClient returns a client for the directory. The client records any delays that
// Graph requests.
func (d *Desk) directoryClient(ctx context.Context, userID int64) *graph.Client {
	noteAsked(ctx)
	client := *d.Graph
	client.OnWait = d.waitRecorder(ctx, store.Directory, userID)
	return &client
}

// resolve looks up the attendees in the directory. Attendees who are not found in time
// remain unchanged, because Graph needs only an address.
func (d *Desk) resolve(ctx context.Context, who caller, attendees []meeting.Attendee) []meeting.Attendee {
	ctx, cancel := context.WithTimeout(ctx, min(lookUpBudget, time.Until(who.deadline)/2))
	defer cancel()
	return meeting.Resolve(attendees, d.lookUp(ctx, who.actor, attendees).found)
}

// directoryAnswers contains the results of directory look-ups, keyed by lower-case address.
// An address without a result is in neither map.
type directoryAnswers struct {
	found  map[string]meeting.Person
	absent map[string]bool
}

// lookUp searches the directory for the first maxLookUps attendees without an object ID. It
// sends no requests if the actor lacks permission to read the directory, or during a delay
// that Microsoft requested.
func (d *Desk) lookUp(ctx context.Context, actor Actor, attendees []meeting.Attendee) directoryAnswers {
	answers := directoryAnswers{found: make(map[string]meeting.Person), absent: make(map[string]bool)}
	var ask []meeting.Attendee
	for _, a := range attendees {
		if a.ObjectID == "" && a.UPN != "" && len(ask) < maxLookUps {
			ask = append(ask, a)
		}
	}
	if len(ask) == 0 || !d.CanLookUp(ctx, actor) {
		return answers
	}
	if d.awaitService(ctx, store.Directory, actor.User.ID, time.Now()) != nil {
		return answers
	}
	token, err := d.token(ctx, actor, "")
	if err != nil {
		return answers // the operation reports the error when it needs a token itself
	}
	if err := d.auditLookUp(ctx, actor, ask); err != nil {
		d.Log.WarnContext(ctx, "look up attendees", "error", err)
		return answers
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
				answers.found[strings.ToLower(a.UPN)] = p
			case graph.IsNotFound(err):
				answers.absent[strings.ToLower(a.UPN)] = true
			default:
				return err // returning an error cancels the remaining look-ups
			}
			return nil
		})
	}
	if err := lookUps.Wait(); err != nil {
		d.Log.WarnContext(ctx, "look up attendees", "error", err)
	}
	return answers
}

func (d *Desk) auditLookUp(ctx context.Context, actor Actor, ask []meeting.Attendee) error {
	var names []string
	for _, a := range ask {
		names = append(names, a.UPN)
	}
	return d.Store.AuditSoon(ctx, actor.User.ID, store.AuditDirectoryRead, 0, meeting.Shorten(strings.Join(names, ", "), maxAuditedNames))
}

// maxAuditedNames is the maximum length, in characters, of the list of names in one audit
// entry about look-ups.
const maxAuditedNames = 500

// personOf looks up an attendee by UPN. If there is no match and the attendee is to be a
// presenter or co-organizer, it also searches by email address. Graph accepts these roles
// only for accounts in the directory, and users know guests' email addresses but not their
// UPNs.
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
