package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// lockEditable returns a meeting that is the actor's to change, as it is once nobody
// else is at work on it, and in whose name to do so. The caller unlocks.
func (d *Desk) lockEditable(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who caller, unlock func(), err error) {
	m, mode, err := d.Editable(ctx, actor.User, meetingID)
	if err != nil {
		return m, who, nil, err
	}
	if who, err = d.newCaller(actor, mode, m.Organizer, d.deadline()); err != nil {
		return m, who, nil, err
	}
	if unlock, err = d.LockMeeting(ctx, m.Organizer.ID, m.ExternalID, who.deadline); err != nil {
		return m, who, nil, err
	}
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		unlock()
	}
	return m, who, unlock, err
}

// lockLive is take for what takes a meeting that is there; any other is a
// Conflict error.
func (d *Desk) lockLive(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who caller, unlock func(), err error) {
	m, who, unlock, err = d.lockEditable(ctx, actor, meetingID)
	if err == nil && m.State != meeting.Live {
		unlock()
		err = errNotLive
	}
	return m, who, unlock, err
}

// begin writes down what the party is about to ask of Graph and, where that takes
// the program's own token, who it is that asks.
func (d *Desk) begin(ctx context.Context, who caller, in store.Intention) (store.Begun, error) {
	in.Actor, in.Mode = who.actor.User, who.mode
	a, err := d.Store.Begin(ctx, in)
	if err == nil && !a.Repeated {
		err = d.audit(ctx, who, a.Attempt)
	}
	return a, err
}

// audit records, before Graph is called, that something is done with the
// program's own token.
func (d *Desk) audit(ctx context.Context, who caller, a meeting.Attempt) error {
	if who.mode == meeting.Delegated {
		return nil
	}
	what := string(a.Kind)
	if o, ok := a.Option(); ok {
		what += " " + string(o)
	}
	return d.Store.Audit(ctx, who.actor.User.ID, store.AuditApplication, a.MeetingID, what)
}

var errNotLive = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeNotLive}
