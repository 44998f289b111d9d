package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Application is the state of application mode. In this mode, the help desk creates
// meetings for the configured organizers with the application's own token. A nil
// Application means that the mode is off.
type Application struct {
	Auth       *auth.Application
	TenantID   string
	Organizers []string // object IDs or UPNs, as in the configuration

	lookingUp  sync.Mutex // held during a directory look-up
	lookedUpAt time.Time  // guarded by lookingUp

	mu       sync.Mutex
	resolved map[string]meeting.User // keyed by the configured object ID or UPN
}

// lookUpInterval is the minimum time between look-ups of organizers who could not be
// resolved.
const lookUpInterval = time.Minute

// organizer returns the configured organizer with the given object ID. The receiver may
// be nil.
func (a *Application) organizer(objectID string) (meeting.User, bool) {
	if a == nil || objectID == "" {
		return meeting.User{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, u := range a.resolved {
		if strings.EqualFold(u.ObjectID, objectID) {
			return u, true
		}
	}
	return meeting.User{}, false
}

// ClientID returns the application's client ID, or "" if application mode is off.
func (a *Application) ClientID() string {
	if a == nil {
		return ""
	}
	return a.Auth.ClientID()
}

// Organizers returns the other people for whom the person may create meetings, sorted by
// name. The list is empty unless the person has the help desk role and application mode is
// on.
func (d *Desk) Organizers(ctx context.Context, person meeting.User) []meeting.User {
	if d.App == nil || !person.Role.Has(meeting.HelpDesk) {
		return nil
	}
	d.ResolveOrganizers(ctx)
	d.App.mu.Lock()
	defer d.App.mu.Unlock()
	list := slices.SortedFunc(maps.Values(d.App.resolved), func(a, b meeting.User) int {
		return cmp.Compare(strings.ToLower(a.DisplayName()), strings.ToLower(b.DisplayName()))
	})
	list = slices.CompactFunc(list, func(a, b meeting.User) bool { return a.ID == b.ID }) // an organizer may be configured twice
	return slices.DeleteFunc(list, func(u meeting.User) bool { return u.ID == person.ID })
}

// ResolveOrganizers looks up the configured organizers in the directory, because Graph
// accepts only object IDs. It logs all failures. Organizers whom it could not resolve are
// looked up again by a later call, but not within lookUpInterval.
func (d *Desk) ResolveOrganizers(ctx context.Context) {
	a := d.App
	if a == nil {
		return
	}
	missing := a.unresolved()
	if len(missing) == 0 || !a.lookingUp.TryLock() {
		return
	}
	defer a.lookingUp.Unlock()
	if !a.lookedUpAt.IsZero() && d.Now().Sub(a.lookedUpAt) < lookUpInterval {
		return
	}
	a.lookedUpAt = d.Now()
	ctx, cancel := context.WithTimeout(ctx, lookUpBudget)
	defer cancel()
	for _, name := range missing {
		u, err := d.lookUpOrganizer(ctx, name)
		if err != nil {
			d.Log.WarnContext(ctx, "an organizer of MEETDESK_APP_ORGANIZERS could not be looked up", "organizer", name, "error", err)
		}
		if u.ObjectID == "" {
			continue // a later call looks the organizer up again
		}
		if u, err = d.Store.Organizer(ctx, u); err != nil {
			d.Log.ErrorContext(ctx, "record an organizer", "organizer", name, "error", err)
			continue
		}
		a.mu.Lock()
		a.resolved[name] = u
		a.mu.Unlock()
	}
}

func (a *Application) unresolved() (names []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.resolved == nil {
		a.resolved = make(map[string]meeting.User)
	}
	for _, name := range a.Organizers {
		if _, known := a.resolved[name]; !known {
			names = append(names, name)
		}
	}
	return names
}

// lookUpOrganizer looks up a person by object ID or UPN. If an object ID cannot be looked
// up, lookUpOrganizer returns the ID together with the error, because Graph needs only the
// ID. If the directory does not contain the ID, it returns only the error.
func (d *Desk) lookUpOrganizer(ctx context.Context, name string) (meeting.User, error) {
	u := meeting.User{TenantID: d.App.TenantID}
	id, notID := uuid.Parse(name)
	if notID == nil {
		name = id.String() // in lower case, because Graph compares IDs case-sensitively
	}
	token, err := d.appToken(ctx, "", time.Now())
	if err == nil {
		err = d.awaitService(ctx, store.Directory, store.WholeDesk, time.Now())
	}
	if err == nil {
		var p meeting.Person
		if p, err = d.directoryClient(ctx, store.WholeDesk).Person(ctx, token, name); err == nil {
			u.ObjectID, u.UPN, u.Name = p.ObjectID, p.UPN, p.Name
			return u, nil
		}
	}
	if notID == nil && !graph.IsNotFound(err) {
		u.ObjectID = id.String()
	}
	return u, err
}
