package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// lockEditable locks a meeting that the actor may change. Once it holds the lock, it reads
// the meeting again. It returns this copy and the caller for the operation.
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

// lockLive is like lockEditable but returns a Conflict error unless the meeting is live.
func (d *Desk) lockLive(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who caller, unlock func(), err error) {
	m, who, unlock, err = d.lockEditable(ctx, actor, meetingID)
	if err == nil && m.State != meeting.Live {
		unlock()
		err = errNotLive
	}
	return m, who, unlock, err
}

// begin records the intended attempts in one transaction, before Graph is called.
func (d *Desk) begin(ctx context.Context, who caller, intentions ...store.Intention) ([]store.Begun, error) {
	for i := range intentions {
		intentions[i].Actor, intentions[i].Mode = who.actor.User, who.mode
	}
	return d.Store.Begin(ctx, intentions...)
}

func (d *Desk) beginOne(ctx context.Context, who caller, in store.Intention) (meeting.Attempt, error) {
	begun, err := d.begin(ctx, who, in)
	if err != nil {
		return meeting.Attempt{}, err
	}
	return begun[0].Attempt, nil
}

var errNotLive = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeNotLive}
