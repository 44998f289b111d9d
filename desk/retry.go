package desk

import (
	"context"

	"meetdesk/meeting"
)

// Retry repeats a failed attempt of the actor's own, or finishes an unfinished
// one, with what was asked at first, and returns the ID of its meeting. Role and
// mode count as they are now. An attempt that somebody finished in the meantime
// is left as it is.
func (d *Desk) Retry(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	waiting, cancel := d.budget(ctx)
	defer cancel()
	a, m, who, unlock, err := d.takeAttempt(waiting, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if !a.CanRetry() {
		return a.MeetingID, nil
	}
	if !CanRetry(actor.User, who.mode, a) {
		return 0, notTheirs(a)
	}
	if a.Kind != meeting.KindCreate && m.State != meeting.Live || m.State == meeting.Removed || m.State == meeting.Replaced {
		return 0, &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	tried, err := d.Store.Attempts(ctx, m.ID) // before this run: a itself may have been unsure
	if err != nil {
		return 0, err
	}
	if err := d.Store.BeginAgain(ctx, a.ID); err != nil {
		return 0, err
	}
	if a.Kind == meeting.KindCreate {
		return d.create(ctx, waiting, actor, who, a, tried)
	}
	return m.ID, d.again(ctx, waiting, who, m, a)
}

// notTheirs says whose attempt it is to go on with.
func notTheirs(a meeting.Attempt) error {
	return &meeting.Error{Code: meeting.Forbidden, Key: "attempt.others", Args: meeting.Args{"Name": a.Actor.DisplayName()}}
}

// Dismiss puts a failed or unfinished attempt aside, or accepts what is there
// instead of what a done one asked for, and returns the ID of its meeting. The
// organizer may do so with anybody's; a maker with their own.
func (d *Desk) Dismiss(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	waiting, cancel := d.budget(ctx)
	defer cancel()
	a, _, who, unlock, err := d.takeAttempt(waiting, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if who.mode == meeting.Application && a.Actor.ID != actor.User.ID {
		return 0, notTheirs(a)
	}
	if a.State == meeting.AttemptDone {
		return a.MeetingID, d.Store.Accept(ctx, attemptID)
	}
	return a.MeetingID, d.Store.Dismiss(ctx, attemptID)
}

// take returns a meeting that is the actor's to change, as it is once nobody
// else is at work on it, and in whose name to do so. The caller unlocks. ctx
// bounds the wait for one's turn; see Hold.
func (d *Desk) take(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who party, unlock func(), err error) {
	m, mode, err := d.Own(ctx, actor.User, meetingID)
	if err != nil {
		return m, who, nil, err
	}
	if who, err = partyOf(actor, mode, m.Organizer); err != nil {
		return m, who, nil, err
	}
	if unlock, err = d.Hold(ctx, m.Organizer.ID, m.ExternalID); err != nil {
		return m, who, nil, err
	}
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		unlock()
	}
	return m, who, unlock, err
}

// takeAttempt is take for the attempt's meeting. Somebody else's attempt is
// unknown to the actor like one that does not exist.
func (d *Desk) takeAttempt(ctx context.Context, actor Actor, attemptID int64) (a meeting.Attempt, m meeting.Meeting, who party, unlock func(), err error) {
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		return a, m, who, nil, err
	}
	m, who, unlock, err = d.take(ctx, actor, a.MeetingID)
	if meeting.CodeOf(err) == meeting.NotFound {
		err = &meeting.Error{Code: meeting.NotFound, Key: "attempt.unknown", Err: err}
	}
	if err != nil {
		return a, m, who, nil, err
	}
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		unlock()
	}
	return a, m, who, unlock, err
}
