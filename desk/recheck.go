package desk

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

const (
	// recheckAfter is how long the desk relies on what the provider said about a person.
	recheckAfter = time.Hour
	// recheckPause is the shortest time between two checks of one grant. Without it, each
	// page would wait for a provider that does not answer.
	recheckPause = time.Minute
	// recheckPatience is how long a page waits for the check.
	recheckPatience = 3 * time.Second
	// maxRechecks is the maximum number of grants whose last check is remembered.
	maxRechecks = 10_000
)

// rechecks has the time at which each grant was last checked. It exists only in this
// process; a second one would check as well.
type rechecks struct {
	mu    sync.Mutex
	tried map[int64]time.Time
}

// begin reports whether the grant may be checked now.
func (r *rechecks) begin(grantID int64, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := now.Sub(r.tried[grantID]); since >= 0 && since < recheckPause {
		return false
	}
	if r.tried == nil || len(r.tried) >= maxRechecks {
		r.tried = make(map[int64]time.Time)
	}
	r.tried[grantID] = now
	return true
}

// Recheck asks the provider whether the person's sign-in is still valid, by renewing the
// tokens. It does nothing if the provider issued tokens within the last hour; checked is
// when it last did. If the account is disabled or the sign-in was revoked, Recheck ends
// the sessions that use the grant. If the person's role has changed, Recheck stores the
// new one. If the provider cannot be reached, everything stays as it is.
//
// Recheck returns true if the caller should read the session again. It waits for the
// provider for a few seconds at most; a later answer applies to later requests.
func (d *Desk) Recheck(ctx context.Context, actor Actor, checked time.Time) bool {
	now := d.Now()
	if now.Sub(checked) < recheckAfter || !d.rechecks.begin(actor.GrantID, now) {
		return false
	}
	done := make(chan struct{})
	d.renewals.Go(func() {
		defer close(done)
		if err := d.recheck(context.WithoutCancel(ctx), actor); err != nil {
			d.Log.WarnContext(ctx, "the sign-in could not be checked with the provider", "user", actor.User.ID, "error", err)
		}
	})
	patience := time.NewTimer(recheckPatience)
	defer patience.Stop()
	select {
	case <-done:
	case <-patience.C:
	case <-ctx.Done():
	}
	return true
}

func (d *Desk) recheck(ctx context.Context, actor Actor) error {
	deadline := d.deadline()
	unlock, err := lockUntil(ctx, &d.grants, strconv.FormatInt(actor.GrantID, 10), deadline)
	if err != nil {
		return err
	}
	defer unlock()
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	if err != nil || tokens.RefreshToken == "" { // the configuration does not ask for refresh tokens
		return err
	}
	if err := d.awaitService(ctx, store.SignIn, actor.User.ID, deadline); err != nil {
		return err
	}
	_, err = d.renew(ctx, actor, tokens)
	var e *meeting.Error
	if !errors.As(err, &e) || e.Key != meeting.ReasonSignIn && e.Key != meeting.ReasonBlocked {
		return err
	}
	d.Log.InfoContext(ctx, "the provider no longer accepts the sign-in; its sessions end", "user", actor.User.ID, "error", err)
	return d.Store.EndGrant(ctx, actor.GrantID)
}
