// Package desk is what the desk does: create or get with its journal, retry,
// update, options, remove, refresh and adopt; for oneself and, for the help desk,
// in the name of others; tokens kept fresh. It is where store, graph and auth meet; it
// knows nothing of HTML, cookies or SQL.
//
// Every act on Graph has three steps: the intention is written down, Graph is
// called, the outcome is written down. From the first step on it no longer
// matters whether the person's browser is still there.
package desk

import (
	"cmp"
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Budget is how long a person waits for Graph at the most, all tries together.
const Budget = 10 * time.Second

// Desk acts on behalf of people. Its methods are safe for concurrent use.
type Desk struct {
	Store  *store.Store
	Graph  *graph.Client
	Auth   *auth.Provider
	App    *Application // nil: the help desk makes meetings for nobody else
	Now    func() time.Time
	Budget time.Duration // for Graph; 0 means the constant Budget
	Log    *slog.Logger

	meetings keyedLock // one act at a time on a meeting
	grants   keyedLock // one refresh at a time of a person's tokens
	renewals sync.WaitGroup
}

// Wait returns once no refresh of tokens is under way any more: the store must
// stay open for what they bring.
func (d *Desk) Wait() { d.renewals.Wait() }

// Actor is the person an act is done for, and whose tokens it uses.
type Actor struct {
	User    meeting.User
	GrantID int64
}

// deadline is when a person who begins to wait now has waited long enough.
func (d *Desk) deadline() time.Time { return time.Now().Add(cmp.Or(d.Budget, Budget)) }

// Beta reports whether meetings may be made in channels, which takes Graph's beta.
func (d *Desk) Beta() bool { return d.Graph.BetaURL != "" }

// LockMeeting serialises what is done about one organizer and external ID, which is
// Graph's key of a meeting. Whoever has waited for half of the time until the
// deadline is told that somebody is at work on it; nothing was begun then, and
// the other half is for Graph.
func (d *Desk) LockMeeting(ctx context.Context, organizerID int64, externalID string, until time.Time) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Until(until)/2)
	defer cancel()
	return d.meetings.lock(ctx, strconv.FormatInt(organizerID, 10)+"/"+externalID)
}
