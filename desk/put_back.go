package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
)

// LastChange describes the newest change to a meeting and the meeting's previous state.
type LastChange struct {
	Before  meeting.Details // the meeting before the change
	Changes []meeting.Change
	Reply   int64 // the ID of the newest reply, which shows the meeting after the change
}

// LastChange returns the newest change to a live meeting. It returns the zero value unless
// the newest attempt is a successful change. Setting the options and roles of a new meeting
// does not count as a change. The list of changes is empty if the change had no effect. The
// attempts must be sorted newest first.
func (d *Desk) LastChange(ctx context.Context, m meeting.Meeting, attempts []meeting.Attempt) (c LastChange, err error) {
	if len(attempts) == 0 || m.State != meeting.Live {
		return c, nil
	}
	newest := attempts[0]
	if newest.Kind != meeting.KindUpdate || newest.State != meeting.AttemptDone || newest.BaseReply == 0 || completesCreate(attempts) {
		return c, nil
	}
	if c.Before, err = d.base(ctx, m, newest); err != nil {
		return LastChange{}, err
	}
	if c.Reply, err = d.Store.LastReply(ctx, m.ID); err != nil {
		return LastChange{}, err
	}
	c.Changes = c.Before.Changes(m.Details)
	return c, nil
}

// completesCreate reports whether all attempts after the creation only set options and
// roles from the request that created the meeting. The attempts must be sorted newest
// first.
func completesCreate(attempts []meeting.Attempt) bool {
	create := slices.IndexFunc(attempts, func(a meeting.Attempt) bool { return a.Kind == meeting.KindCreate })
	if create < 0 || attempts[create].State != meeting.AttemptDone {
		return false
	}
	asked := attempts[create].Asked
	return !slices.ContainsFunc(attempts[:create], func(a meeting.Attempt) bool {
		o, isOption := a.Option()
		if a.Asked.Roles {
			later, first := a.Asked.Attendees, asked.Attendees
			return len(meeting.NewRoles(later, first)) > 0 || len(meeting.NewRoles(first, later)) > 0
		}
		return !isOption || a.Asked.Options.Get(o) != asked.Options.Get(o)
	})
}

// request returns a request that restores the values from before the change.
func (c LastChange) request(m meeting.Meeting) meeting.Request {
	return meeting.Request{
		ExternalID: m.ExternalID, Subject: c.Before.Subject, Start: c.Before.Start, End: c.Before.End, TimeZone: m.TimeZone,
		Attendees: c.Before.Attendees, Options: c.Before.Options, FormID: "put back",
	}
}

// CanPutBack reports whether the change can be undone. The change must have had an effect,
// Graph must support undoing it, and the meeting must not have ended. If the meeting was
// moved, its old start must not be in the past.
func (d *Desk) CanPutBack(c LastChange, m meeting.Meeting) bool {
	now := d.Now()
	if len(c.Changes) == 0 || m.Ended(now) || c.Before.Start.IsZero() {
		return false
	}
	moved := !c.Before.Start.Equal(m.Start) || !c.Before.End.Equal(m.End)
	if moved && meeting.StartsBefore(c.Before.Start, now) {
		return false
	}
	r := c.request(m)
	return !m.Unchangeable(r).Any() && len(m.Changed(r)) > 0
}

// PutBack undoes the newest change by making another one. The seen parameter is the ID of
// the reply that the person saw. If there is a newer reply, or the change can no longer be
// undone, PutBack returns a Conflict error and sends nothing. A repeated call with the same
// ID does nothing.
func (d *Desk) PutBack(ctx context.Context, actor Actor, meetingID, seen int64) error {
	m, _, err := d.Editable(ctx, actor.User, meetingID)
	if err != nil {
		return err
	}
	attempts, err := d.Store.Attempts(ctx, meetingID)
	if err != nil {
		return err
	}
	if len(attempts) > 0 && seen != 0 && attempts[0].BaseReply == seen && attempts[0].Actor.ID == actor.User.ID {
		return nil // the button was pressed twice
	}
	c, err := d.LastChange(ctx, m, attempts)
	if err != nil {
		return err
	}
	if seen != c.Reply || !d.CanPutBack(c, m) {
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonPutBackStale}
	}
	return d.Update(ctx, actor, meetingID, c.request(m), seen)
}
