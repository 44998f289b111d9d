package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// longestUnscoped is the maximum time that the whole desk waits after a response that does
// not state the scope of the limit. Such a limit may apply only to a single user.
const longestUnscoped = time.Hour

// awaitService waits until the service may be called for the person. If that would take
// more than half of the time until the deadline, it returns an Unavailable error
// immediately. The caller must then send nothing. The error's argument Until is the
// time.Time at which the service may be called again.
func (d *Desk) awaitService(ctx context.Context, service store.Service, userID int64, deadline time.Time) error {
	for {
		until, err := d.Store.Wait(ctx, service, userID)
		if err != nil || until.IsZero() {
			return err
		}
		left := until.Sub(d.Now())
		if left > time.Until(deadline)/2 {
			return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonRetryWait, Args: meeting.Args{"Until": until}}
		}
		select {
		case <-time.After(left + time.Millisecond): // the database stores the time only to the millisecond
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitUntil returns the time from which the organizer's meetings may be read or changed in
// the given mode. The zero time means now.
func (d *Desk) WaitUntil(ctx context.Context, mode meeting.Mode, organizer meeting.User) (time.Time, error) {
	tokens := store.SignIn
	if mode == meeting.Application {
		tokens = store.Application // whose waits always apply to the whole desk
	}
	return d.Store.WaitForBoth(ctx, store.Graph, tokens, organizer.ID)
}

// waitRecorder returns a function that records a wait requested by a response. It records
// the wait for the user and, if the limit may apply to all users, for the whole desk.
func (d *Desk) waitRecorder(ctx context.Context, service store.Service, userID int64) func(graph.Wait) {
	ctx = context.WithoutCancel(ctx)
	return func(w graph.Wait) {
		d.countWait(service, w.For)
		d.recordWait(ctx, service, userID, w.For)
		if wait := deskWait(w); wait > 0 && userID != store.WholeDesk {
			d.recordWait(ctx, service, store.WholeDesk, wait)
		}
	}
}

// deskWait returns how long the whole desk must wait after a response. Only 429 and 5xx
// responses affect the whole desk. Other responses, such as 409, concern a single meeting.
// If the response does not state a scope, the limit is assumed to apply to the application
// in the tenant, as most of Graph's limits do.
func deskWait(w graph.Wait) time.Duration {
	scope := strings.ToLower(w.Scope)
	switch {
	case w.Status != 429 && w.Status < 500, strings.HasPrefix(scope, "user"):
		return 0
	case strings.HasPrefix(scope, "tenant"), strings.HasPrefix(scope, "application"):
		return w.For
	default:
		return min(w.For, longestUnscoped)
	}
}

// recordProviderWait records a wait if the token endpoint requested one. If the endpoint
// is down, the whole desk waits.
func (d *Desk) recordProviderWait(ctx context.Context, service store.Service, userID int64, err error) {
	wait, down := auth.RetryAfter(err)
	if wait <= 0 {
		return
	}
	d.countWait(service, wait)
	ctx = context.WithoutCancel(ctx)
	d.recordWait(ctx, service, userID, wait)
	if down && userID != store.WholeDesk {
		d.recordWait(ctx, service, store.WholeDesk, min(wait, longestUnscoped))
	}
}

func (d *Desk) countWait(service store.Service, wait time.Duration) {
	if d.OnWait != nil {
		d.OnWait(service, wait)
	}
}

func (d *Desk) recordWait(ctx context.Context, service store.Service, userID int64, wait time.Duration) {
	d.Log.WarnContext(ctx, "Microsoft asks to wait", "service", service, "user", userID, "for", wait)
	if err := d.Store.SaveWait(ctx, service, userID, d.Now().Add(wait)); err != nil {
		d.Log.ErrorContext(ctx, "the wait could not be recorded", "service", service, "user", userID, "error", err)
	}
}

// isWaitError reports whether the error means that Microsoft must not be called yet.
func isWaitError(err error) bool {
	var known *meeting.Error
	return errors.As(err, &known) && known.Key == meeting.ReasonRetryWait
}
