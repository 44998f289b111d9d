package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// lockEditable locks a meeting that the actor may change. It reads the meeting under the
// lock and returns it, together with a caller value that describes the operation.
func (d *Desk) lockEditable(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who caller, unlock func(), err error) {
	m, mode, err := d.Editable(ctx, actor.User, meetingID)
	if err != nil {
		return m, who, nil, err
	}
	if who, err = newCaller(actor, mode, m.Organizer, d.deadline()); err != nil {
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

// lockLive does the same as lockEditable, but returns a Conflict error unless the meeting
// is live.
func (d *Desk) lockLive(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who caller, unlock func(), err error) {
	m, who, unlock, err = d.lockEditable(ctx, actor, meetingID)
	if err == nil && m.State != meeting.Live {
		unlock()
		err = errNotLive
	}
	return m, who, unlock, err
}

// begin records the intended attempts in one transaction, before Graph is called. In
// application mode, it also records in the audit log who asked for them.
func (d *Desk) begin(ctx context.Context, who caller, intentions ...store.Intention) ([]store.Begun, error) {
	for i := range intentions {
		intentions[i].Actor, intentions[i].Mode = who.actor.User, who.mode
	}
	begun, err := d.Store.Begin(ctx, intentions...)
	for _, a := range begun {
		if err == nil && !a.Repeated {
			err = d.audit(ctx, who, a.Attempt)
		}
	}
	return begun, err
}

// beginOne does the same as begin for a single intention without a form key.
func (d *Desk) beginOne(ctx context.Context, who caller, in store.Intention) (meeting.Attempt, error) {
	begun, err := d.begin(ctx, who, in)
	if err != nil {
		return meeting.Attempt{}, err
	}
	return begun[0].Attempt, nil
}

// audit records in the audit log who is about to use the application's token, and for
// what. In delegated mode, it does nothing.
func (d *Desk) audit(ctx context.Context, who caller, a meeting.Attempt) error {
	if who.mode == meeting.Delegated {
		return nil
	}
	detail := string(a.Kind)
	if o, ok := a.Option(); ok {
		detail += " " + string(o)
	}
	return d.Store.Audit(ctx, who.actor.User.ID, store.AuditApplication, a.MeetingID, detail)
}

var errNotLive = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeNotLive}
