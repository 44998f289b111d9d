package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Retry repeats a failed attempt of the actor's own, or finishes an unfinished
// one, with what was asked at first, and returns the ID of its meeting. Role and
// mode count as they are now. An attempt that somebody finished in the meantime
// is left as it is, and so is one that is based on another reply by now than the
// one that the person saw, where that is not 0.
func (d *Desk) Retry(ctx context.Context, actor Actor, attemptID, seen int64) (meetingID int64, err error) {
	ctx = context.WithoutCancel(ctx)
	a, err := d.attempt(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	m, who, unlock, err := d.lockEditable(ctx, actor, a.MeetingID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		return m.ID, err
	}
	switch repeat, err := decideRetry(actor.User, who.mode, m, a, seen); {
	case err != nil:
		return 0, err
	case !repeat:
		return m.ID, nil
	}
	if err := d.awaitService(ctx, store.Graph, m.Organizer.ID, who.deadline); err != nil {
		return 0, err // the attempt stays as it is
	}
	tried, err := d.Store.Attempts(ctx, m.ID) // before this run: a itself may have been unsure
	if err != nil {
		return 0, err
	}
	if err := d.Store.Reopen(ctx, a.ID); err != nil {
		return 0, err
	}
	if err := d.audit(ctx, who, a); err != nil {
		return 0, err
	}
	switch a.Kind {
	case meeting.KindCreate:
		return d.create(ctx, who, a, tried)
	case meeting.KindRefresh:
		return m.ID, d.refresh(ctx, who, m, a)
	default:
		return m.ID, d.change(ctx, who, m, a)
	}
}

// decideRetry returns whether to repeat the attempt, or why the person may not. An
// attempt that somebody has finished since is not repeated, nor is one that is by now
// based on another reply than the one the person saw; seen is 0 if they saw none.
func decideRetry(person meeting.User, mode meeting.Mode, m meeting.Meeting, a meeting.Attempt, seen int64) (repeat bool, err error) {
	gone := m.State == meeting.Removed || m.State == meeting.Replaced
	switch {
	case !a.CanRetry():
		return false, nil
	case seen != 0 && a.BaseReply != seen:
		return false, nil
	case !CanRetry(person, mode, a):
		return false, othersAttempt(a)
	case gone, a.Kind != meeting.KindCreate && m.State != meeting.Live:
		return false, errNotLive
	default:
		return true, nil
	}
}

// Dismiss puts a failed or unfinished attempt aside, or accepts what is there
// instead of what a done one asked for, and returns the ID of its meeting. The
// organizer may do so with anybody's attempt, others with their own.
func (d *Desk) Dismiss(ctx context.Context, actor Actor, attemptID int64) (meetingID int64, err error) {
	a, err := d.attempt(ctx, actor, attemptID)
	if err != nil {
		return 0, err
	}
	m, r, err := d.See(ctx, actor.User, a.MeetingID)
	if err != nil {
		return 0, err
	}
	if !r.Organizer && a.Actor.ID != actor.User.ID {
		if r.KitOnly() && !actor.User.Role.Has(meeting.HelpDesk) {
			return 0, errNoAttempt // they do not see what was done
		}
		return 0, othersAttempt(a)
	}
	unlock, err := d.LockMeeting(ctx, m.Organizer.ID, m.ExternalID, d.deadline())
	if err != nil {
		return 0, err
	}
	defer unlock()
	if a, err = d.Store.Attempt(ctx, attemptID); err != nil {
		return 0, err
	}
	if a.State == meeting.AttemptDone {
		return a.MeetingID, d.Store.Accept(ctx, attemptID)
	}
	return a.MeetingID, d.Store.Dismiss(ctx, attemptID)
}

// attempt returns an attempt on a meeting that the actor may see. Any other is
// unknown to them like one that does not exist.
func (d *Desk) attempt(ctx context.Context, actor Actor, id int64) (meeting.Attempt, error) {
	a, err := d.Store.Attempt(ctx, id)
	if err != nil {
		return a, err
	}
	r, err := d.Store.Relation(ctx, a.MeetingID, actor.User.ID)
	if err == nil && !actor.User.CanSee(r) {
		err = errNoAttempt
	}
	return a, err
}

var errNoAttempt = &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonAttemptUnknown}

// othersAttempt says whose attempt it is to go on with.
func othersAttempt(a meeting.Attempt) error {
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonAttemptOthers, Args: meeting.Args{"Name": a.Actor.DisplayName()}}
}
