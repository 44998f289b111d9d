package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Retry repeats one of the actor's attempts and returns the ID of its meeting. It reuses the
// original request with the person's current role and mode. The seen parameter is the ID of
// the reply that the person saw, or 0 for any reply. See decideRetry for attempts that are
// not repeated.
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
		return 0, err
	}
	earlier, err := d.Store.Attempts(ctx, m.ID) // includes this attempt, whose last run may have created the meeting
	if err != nil {
		return 0, err
	}
	if err := d.Store.Reopen(ctx, a); err != nil {
		return 0, err
	}
	switch a.Kind {
	case meeting.KindCreate:
		return d.create(ctx, who, a, m.Version, earlier)
	case meeting.KindRefresh:
		return m.ID, d.refresh(ctx, who, m, a)
	default:
		return m.ID, d.change(ctx, who, m, a)
	}
}

// decideRetry decides whether to repeat the attempt. It returns an error if the person may
// not repeat the attempt or if the meeting's state does not allow it. An attempt is not
// repeated if it is settled or based on a reply other than the one that the person saw.
func decideRetry(person meeting.User, mode meeting.Mode, m meeting.Meeting, a meeting.Attempt, seen int64) (repeat bool, err error) {
	switch {
	case a.State == meeting.AttemptSuperseded && m.State == meeting.Replaced:
		return false, errNotLive
	case !a.CanRetry():
		return false, nil
	case seen != 0 && a.BaseReply != seen:
		return false, nil
	case !CanRetry(person, mode, a):
		return false, othersAttempt(a)
	case m.State.Withdrawn(), a.Kind != meeting.KindCreate && m.State != meeting.Live:
		return false, errNotLive
	default:
		return true, nil
	}
}

// Dismiss dismisses a failed or unfinished attempt and returns the ID of its meeting. If
// the attempt succeeded, Dismiss accepts the differences between Graph's meeting and the
// request. Only the organizer may dismiss other people's attempts.
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
			return 0, errNoAttempt // people who see only the kit cannot see the attempts
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
		return a.MeetingID, d.Store.Accept(ctx, attemptID, actor.User.ID)
	}
	return a.MeetingID, d.Store.Dismiss(ctx, attemptID, actor.User.ID)
}

// attempt returns the attempt with the given ID. If the actor may not see its meeting, the
// error is NotFound, as if the attempt did not exist.
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

func othersAttempt(a meeting.Attempt) error {
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonAttemptOthers, Args: meeting.Args{"Name": a.Actor.DisplayName()}}
}
