package desk

import (
	"context"

	"meetdesk/meeting"
)

// Retry repeats a failed attempt, or finishes an unfinished one, with what was
// asked at first, and returns the ID of its meeting. An attempt that somebody
// finished in the meantime is left as it is.
func (d *Desk) Retry(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	a, m, unlock, err := d.take(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if !a.CanRetry() {
		return a.MeetingID, nil
	}
	tried, err := d.Store.Attempts(ctx, m.ID) // before this run: a itself may have been unsure
	if err != nil {
		return 0, err
	}
	if err := d.Store.BeginAgain(ctx, a.ID); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	switch {
	case a.Kind == meeting.KindUpdate && a.Open():
		return d.updateAgain(ctx, actor, m, a)
	case a.Kind == meeting.KindUpdate:
		return d.update(ctx, actor, m, a, nil)
	default:
		return d.create(ctx, actor, a, tried)
	}
}

// Dismiss puts a failed or unfinished attempt aside and returns the ID of its meeting.
func (d *Desk) Dismiss(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	a, _, unlock, err := d.take(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return a.MeetingID, d.Store.Dismiss(ctx, attemptID)
}

// take returns the attempt and its meeting as they are once nobody else is at
// work on the meeting. The caller unlocks.
func (d *Desk) take(ctx context.Context, actor Actor, attemptID int64) (a meeting.Attempt, m meeting.Meeting, unlock func(), err error) {
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		return a, m, nil, err
	}
	m, err = d.Own(ctx, actor.User, a.MeetingID)
	if meeting.CodeOf(err) == meeting.NotFound {
		err = &meeting.Error{Code: meeting.NotFound, Key: "attempt.unknown", Err: err} // as if there were none
	}
	if err != nil {
		return a, m, nil, err
	}
	unlock = d.lockMeeting(m)
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		unlock()
		return a, m, nil, err
	}
	if m, err = d.Store.Meeting(ctx, a.MeetingID); err != nil {
		unlock()
		return a, m, nil, err
	}
	return a, m, unlock, nil
}
