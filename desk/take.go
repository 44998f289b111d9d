package desk

import (
	"context"

	"meetdesk/meeting"
)

// take returns a meeting that is the actor's to change, as it is once nobody
// else is at work on it, and in whose name to do so. The caller unlocks.
func (d *Desk) take(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who party, unlock func(), err error) {
	m, mode, err := d.Own(ctx, actor.User, meetingID)
	if err != nil {
		return m, who, nil, err
	}
	if who, err = d.partyOf(actor, mode, m.Organizer, d.until()); err != nil {
		return m, who, nil, err
	}
	if unlock, err = d.Hold(ctx, m.Organizer.ID, m.ExternalID, who.until); err != nil {
		return m, who, nil, err
	}
	if m, err = d.Store.Meeting(ctx, meetingID); err != nil {
		unlock()
	}
	return m, who, unlock, err
}

// takeLive is take for what takes a meeting that is there; any other is a
// Conflict error.
func (d *Desk) takeLive(ctx context.Context, actor Actor, meetingID int64) (m meeting.Meeting, who party, unlock func(), err error) {
	m, who, unlock, err = d.take(ctx, actor, meetingID)
	if err == nil && m.State != meeting.Live {
		unlock()
		err = errNotLive
	}
	return m, who, unlock, err
}

var errNotLive = &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
