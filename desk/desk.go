// Package desk implements the operations on meetings: create or get, retry, update, put
// back, set options, remove, refresh and adopt. The help desk can also create and change
// meetings for other organizers. The package is independent of HTML, cookies and SQL.
//
// Every operation on Graph except Adopt has three steps. The desk records the attempt,
// calls Graph, and records how the attempt ended. Once the attempt is recorded, the
// operation continues even if the person closes the browser.
//
// Three functions make the decisions and do no I/O: decideChange decides whether to send a
// PATCH or DELETE, decideCreate evaluates a reply to createOrGet, and decideRetry decides
// whether to repeat an attempt.
package desk

import (
	"cmp"
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Budget is the default limit on how long a person waits for Graph, including all retries.
const Budget = 10 * time.Second

// Desk performs operations on meetings on behalf of users. Its methods are safe for
// concurrent use.
type Desk struct {
	Store  *store.Store
	Graph  *graph.Client
	Auth   *auth.Provider
	App    *Application // nil means that application mode is off
	Now    func() time.Time
	Budget time.Duration // how long to wait for Graph; 0 means the constant Budget
	Log    *slog.Logger

	OnWait func(store.Service, time.Duration) // called when Microsoft requests a delay; may be nil
	// OnCreate is called after each attempt or retry to create a meeting, unless it is nil.
	// The argument is the attempt's outcome or, if the attempt has none, its state.
	OnCreate func(outcome string)

	meetings    keyedLock // one lock for each organizer and ticket
	tickets     keyedLock // one lock for each ticket, held during guarded requests
	grants      keyedLock // one lock for each grant, held while its tokens are renewed
	renewals    sync.WaitGroup
	rechecks    rechecks
	importsOnce sync.Once
	importsWake chan struct{}                 // see WakeImports
	skew        atomic.Pointer[time.Duration] // Microsoft's clock minus the desk's; nil before the first measurement
}

// Wait waits until no token is being renewed. Call it before closing the store, because
// renewed tokens have to be stored.
func (d *Desk) Wait() { d.renewals.Wait() }

// Actor is a signed-in person, together with the grant that holds their tokens.
type Actor struct {
	User    meeting.User
	GrantID int64
}

func (d *Desk) deadline() time.Time { return time.Now().Add(cmp.Or(d.Budget, Budget)) }

// Beta reports whether the desk may create meetings in channels, which requires the beta
// version of Graph.
func (d *Desk) Beta() bool { return d.Graph.BetaURL != "" }

// LockMeeting locks a meeting by its organizer and ticket. All spellings of a ticket share
// a lock, because Graph may treat some of them as the same external ID. If the lock does not
// become free within half the time until the deadline, LockMeeting returns an Unavailable
// error.
func (d *Desk) LockMeeting(ctx context.Context, organizerID int64, externalID string, deadline time.Time) (unlock func(), err error) {
	return d.lockUntil(ctx, &d.meetings, "meeting", strconv.FormatInt(organizerID, 10)+"/"+meeting.TicketKey(externalID), deadline)
}

// lockUntil waits for the lock for at most half the time until the deadline. The lock's
// name consists of the given kind and key. Desks that share a database share the lock.
func (d *Desk) lockUntil(ctx context.Context, lock *keyedLock, kind, key string, deadline time.Time) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Until(deadline)/2)
	defer cancel()
	return d.lock(ctx, lock, kind, key)
}

func (d *Desk) lock(ctx context.Context, lock *keyedLock, kind, key string) (unlock func(), err error) {
	leave, err := lock.lock(ctx, key)
	if err != nil {
		return nil, err
	}
	release, err := d.Store.Exclude(ctx, kind+"/"+key)
	if err != nil {
		leave()
		if ctx.Err() != nil {
			err = &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonAttemptRunning, Err: err}
		}
		return nil, err
	}
	return func() {
		release()
		leave()
	}, nil
}
