package desk

import (
	"context"
	"strconv"
	"sync"
	"time"

	"meetdesk/store"
)

const (
	// recheckAfter is how long a sign-in counts as valid after the provider confirmed it.
	recheckAfter = time.Hour
	// recheckPause is the minimum time between two checks of a grant. Without it, every
	// request would wait while the provider is down.
	recheckPause = time.Minute
	// recheckPatience is how long a request waits for the check.
	recheckPatience = 3 * time.Second
	// maxRechecks is the maximum number of entries in each map of rechecks.
	maxRechecks = 10_000
)

// rechecks records when this process last checked each grant.
type rechecks struct {
	mu     sync.Mutex
	tried  map[int64]time.Time
	stepUp map[int64]bool // the grants for which the provider requires a new sign-in
}

// setStepUp records whether the provider requires the person to sign in again. If the
// record is lost, the next check restores it.
func (r *rechecks) setStepUp(grantID int64, needed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !needed {
		delete(r.stepUp, grantID)
		return
	}
	if r.stepUp == nil || len(r.stepUp) >= maxRechecks {
		r.stepUp = make(map[int64]bool)
	}
	r.stepUp[grantID] = true
}

func (r *rechecks) needsStepUp(grantID int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stepUp[grantID]
}

// begin reports whether the grant may be checked now. If so, it records that a check has
// begun.
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

// Validity is the result of Recheck.
type Validity int

// The results of Recheck.
const (
	StillValid  Validity = iota // do nothing, because no check was needed or the grant has just been checked
	Rechecked                   // read the session again: it may have ended, or the person's role may have changed
	NeedsSignIn                 // send the person to the provider; the session remains until they return
)

// Recheck renews the tokens to find out whether the person's sign-in is still valid. The
// checked parameter is the time at which the provider last issued tokens. Recheck does
// nothing if that was less than recheckAfter ago, or if the last check of the grant began
// less than recheckPause ago.
//
// If the provider rejects the sign-in, Recheck ends the sessions of the grant. If the
// person's role has changed, it stores the new role. Recheck waits at most recheckPatience
// for the provider's answer. A later answer takes effect at the next request.
func (d *Desk) Recheck(ctx context.Context, actor Actor, checked time.Time) Validity {
	now := d.Now()
	if age := now.Sub(checked); age >= 0 && age < recheckAfter { // negative if the clock was set back
		return StillValid
	}
	result := StillValid
	if d.rechecks.begin(actor.GrantID, now) {
		d.awaitRecheck(ctx, actor)
		result = Rechecked
	}
	if d.rechecks.needsStepUp(actor.GrantID) {
		return NeedsSignIn
	}
	return result
}

// awaitRecheck starts a check of the grant and waits for its result. If recheckPatience
// passes or ctx ends first, awaitRecheck returns, and the check continues in the
// background.
func (d *Desk) awaitRecheck(ctx context.Context, actor Actor) {
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
}

func (d *Desk) recheck(ctx context.Context, actor Actor) error {
	deadline := d.deadline()
	waiting, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	unlock, err := d.grants.lock(waiting, strconv.FormatInt(actor.GrantID, 10))
	if err != nil {
		return err
	}
	defer unlock()
	tokens, err := d.Store.Tokens(ctx, actor.GrantID)
	if err != nil || tokens.RefreshToken == "" { // the configuration does not request refresh tokens
		return err
	}
	if err := d.awaitService(ctx, store.SignIn, actor.User.ID, deadline); err != nil {
		return err
	}
	_, err = d.renew(ctx, actor, func(t store.Tokens) bool { return t.RefreshToken != tokens.RefreshToken })
	return err
}
