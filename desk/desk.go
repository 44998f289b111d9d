// Package desk is what people do with meetings: create or get, retry, update, set
// options, remove, refresh and adopt. The help desk does it for other organizers too.
// store, graph and auth meet here. The package knows nothing about HTML, cookies or SQL.
//
// Every operation on Graph has three steps. The desk records the attempt, calls Graph,
// and records how the attempt ended. After the first step it goes on even if the
// person's browser is gone.
//
// Whether a PATCH or DELETE is sent, what a reply to createOrGet means, and whether an
// attempt may be repeated are decided by functions without a context, store or network:
// decideChange, decideCreate and decideRetry.
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

// Budget is how long a person waits for Graph at most, including all tries.
const Budget = 10 * time.Second

// Desk acts on behalf of people. Its methods are safe for concurrent use.
type Desk struct {
	Store  *store.Store
	Graph  *graph.Client
	Auth   *auth.Provider
	App    *Application // nil if application mode is off
	Now    func() time.Time
	Budget time.Duration // the time for Graph; 0 means the constant Budget
	Log    *slog.Logger

	meetings keyedLock // by organizer and external ID
	grants   keyedLock // by grant, for renewing its tokens
	renewals sync.WaitGroup
}

// Wait returns once no token is being renewed. The store must stay open until then,
// because it receives the new tokens.
func (d *Desk) Wait() { d.renewals.Wait() }

// Actor is a signed-in person and the grant with their tokens.
type Actor struct {
	User    meeting.User
	GrantID int64
}

// deadline returns the deadline of an operation that begins now.
func (d *Desk) deadline() time.Time { return time.Now().Add(cmp.Or(d.Budget, Budget)) }

// Beta reports whether the desk may create meetings in channels, which needs Graph's beta
// version.
func (d *Desk) Beta() bool { return d.Graph.BetaURL != "" }

// LockMeeting locks a meeting by organizer and external ID, which is Graph's key. It
// waits at most half of the time until the deadline and leaves the other half for Graph.
// If the lock is still held then, it returns an Unavailable error, and nothing has begun.
func (d *Desk) LockMeeting(ctx context.Context, organizerID int64, externalID string, deadline time.Time) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Until(deadline)/2)
	defer cancel()
	return d.meetings.lock(ctx, strconv.FormatInt(organizerID, 10)+"/"+externalID)
}
