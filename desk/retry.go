package desk

import (
	"context"
	"fmt"

	"meetdesk/meeting"
)

// Retry repeats a failed attempt, or finishes an unfinished one, with what was
// asked at first, and returns the ID of its meeting. An attempt that somebody
// finished in the meantime is left as it is.
func (d *Desk) Retry(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	a, m, unlock, err := d.takeAttempt(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if !a.CanRetry() {
		return a.MeetingID, nil
	}
	if a.Kind == meeting.KindUpdate && m.State != meeting.Live {
		return 0, &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	tried, err := d.Store.Attempts(ctx, m.ID) // before this run: a itself may have been unsure
	if err != nil {
		return 0, err
	}
	if err := d.Store.BeginAgain(ctx, a.ID); err != nil {
		return 0, err
	}
	switch a.Kind {
	case meeting.KindCreate:
		return d.create(ctx, actor, a, tried)
	case meeting.KindUpdate:
		return d.updateAgain(ctx, actor, m, a)
	default:
		return 0, fmt.Errorf("retry attempt %d: no way to repeat %q", a.ID, a.Kind)
	}
}

// Dismiss puts a failed or unfinished attempt aside and returns the ID of its meeting.
func (d *Desk) Dismiss(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	a, _, unlock, err := d.takeAttempt(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return a.MeetingID, d.Store.Dismiss(ctx, attemptID)
}

// take returns the actor's own meeting as it is once nobody else is at work on
// it. The caller unlocks.
func (d *Desk) take(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, unlock func(), err error) {
	if m, err = d.Own(ctx, actor.User, meetingID); err != nil {
		return m, nil, err
	}
	if unlock, err = d.Hold(ctx, m.Organizer.ID, m.ExternalID); err != nil {
		return m, nil, err
	}
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		unlock()
	}
	return m, unlock, err
}

// takeAttempt is take for the attempt's meeting. Somebody else's attempt is
// unknown to the actor like one that does not exist.
func (d *Desk) takeAttempt(ctx context.Context, actor Actor, attemptID int64) (a meeting.Attempt, m meeting.Meeting, unlock func(), err error) {
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		return a, m, nil, err
	}
	m, unlock, err = d.take(ctx, actor, a.MeetingID)
	if meeting.CodeOf(err) == meeting.NotFound {
		err = &meeting.Error{Code: meeting.NotFound, Key: "attempt.unknown", Err: err}
	}
	if err != nil {
		return a, m, nil, err
	}
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		unlock()
	}
	return a, m, unlock, err
}
