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

// Application is the second way in: the program's own token, with which a help
// desk makes meetings for a few organizers. It is nil where that is off.
type Application struct {
	Auth       *auth.Application
	TenantID   string
	Organizers []string // as configured: object IDs or UPNs

	lookingUp  sync.Mutex // held while the directory is asked
	lookedUpAt time.Time  // when it last was

	mu       sync.Mutex
	resolved map[string]meeting.User // by what was configured
}

// lookUpInterval is how long the directory is left alone about organizers that it did
// not tell.
const lookUpInterval = time.Minute

// organizer returns the organizer with that object ID, if the desk may act for
// them. It may be called on nil.
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

// ClientID returns the application's ID, "" where the mode is off.
func (a *Application) ClientID() string {
	if a == nil {
		return ""
	}
	return a.Auth.ClientID()
}

// Organizers returns for whom the person may make meetings beside themselves, by
// name: nobody unless they are help desk and the mode is on.
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
	list = slices.CompactFunc(list, func(a, b meeting.User) bool { return a.ID == b.ID }) // named twice
	return slices.DeleteFunc(list, func(u meeting.User) bool { return u.ID == person.ID })
}

// ResolveOrganizers asks the directory who the configured organizers are: Graph
// takes object IDs only (facts: onlineMeetings below /users knows no UPN). What
// it does not tell is logged and asked again later. An object ID can be used
// although the directory says nothing of it.
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
			d.Log.WarnContext(ctx, "the directory did not say who an organizer of MEETDESK_APP_ORGANIZERS is", "organizer", name, "error", err)
		}
		if u.ObjectID == "" {
			continue // asked for again later
		}
		if u, err = d.Store.Organizer(context.WithoutCancel(ctx), u); err != nil {
			d.Log.ErrorContext(ctx, "organizer", "organizer", name, "error", err)
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

// lookUpOrganizer returns who the name is. With an error it may still be an
// object ID, which is all that Graph needs.
func (d *Desk) lookUpOrganizer(ctx context.Context, name string) (meeting.User, error) {
	u := meeting.User{TenantID: d.App.TenantID}
	id, notID := uuid.Parse(name)
	if notID == nil {
		name = id.String() // Graph's own spelling: to Graph, the case of an ID matters
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
