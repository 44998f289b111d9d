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

// longestUnscoped is how long the whole desk waits at most when a response does not say
// whose limit was reached. It may be one person's limit, which must not stop everybody
// for a day. After an hour, a call for another person shows whether it is.
const longestUnscoped = time.Hour

// awaitService returns nil once the service may be called for the person. If that takes
// no longer than half of the time until the deadline, it waits. Otherwise it returns an
// Unavailable error with the argument Until, a time.Time, and nothing may be sent.
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
		case <-time.After(left + time.Millisecond): // the database stores milliseconds
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitUntil returns when Microsoft may next be called for the organizer's meetings in the
// mode, or the zero time if it may be called now.
func (d *Desk) WaitUntil(ctx context.Context, mode meeting.Mode, organizer meeting.User) (time.Time, error) {
	until, err := d.Store.Wait(ctx, store.Graph, organizer.ID)
	if err != nil {
		return until, err
	}
	service, id := store.SignIn, organizer.ID
	if mode == meeting.Application {
		service, id = store.Application, store.WholeDesk
	}
	token, err := d.Store.Wait(ctx, service, id)
	if token.After(until) {
		until = token
	}
	return until, err
}

// waitRecorder returns a function that records each wait that Graph's responses ask for.
// The wait applies to the person, and also to the whole desk if the limit may apply to
// it.
func (d *Desk) waitRecorder(ctx context.Context, service store.Service, userID int64) func(graph.Wait) {
	ctx = context.WithoutCancel(ctx)
	return func(w graph.Wait) {
		d.recordWait(ctx, service, userID, w.For)
		if wait := deskWait(w); wait > 0 && userID != store.WholeDesk {
			d.recordWait(ctx, service, store.WholeDesk, wait)
		}
	}
}

// deskWait returns how long the whole desk waits after a response. Most of Graph's limits
// apply to the application in the tenant, so a response that names no scope is treated as
// one of those. Any other response that asks the desk to wait, such as a 409, concerns a
// single meeting.
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

// recordProviderWait records the wait that the token endpoint asks for, if any. If the
// endpoint is down, the whole desk waits.
func (d *Desk) recordProviderWait(ctx context.Context, service store.Service, userID int64, err error) {
	wait, down := auth.RetryAfter(err)
	if wait <= 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	d.recordWait(ctx, service, userID, wait)
	if down && userID != store.WholeDesk {
		d.recordWait(ctx, service, store.WholeDesk, min(wait, longestUnscoped))
	}
}

func (d *Desk) recordWait(ctx context.Context, service store.Service, userID int64, wait time.Duration) {
	d.Log.WarnContext(ctx, "Microsoft asks to wait", "service", service, "user", userID, "for", wait)
	if err := d.Store.SaveWait(ctx, service, userID, d.Now().Add(wait)); err != nil {
		d.Log.ErrorContext(ctx, "the wait could not be recorded", "service", service, "user", userID, "error", err)
	}
}

// isWaitError reports whether the error says that Microsoft must not be called yet.
func isWaitError(err error) bool {
	var known *meeting.Error
	return errors.As(err, &known) && known.Key == meeting.ReasonRetryWait
}
