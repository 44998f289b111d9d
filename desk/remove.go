package desk

import (
	"context"

	"meetdesk/meeting"
	"meetdesk/store"
)

// Remove deletes a meeting from Graph. The meeting remains in the history. The base
// parameter is the ID of the reply that the person saw, or 0 for the newest. If there is a
// newer reply, Remove returns a Conflict error and sends nothing.
func (d *Desk) Remove(ctx context.Context, actor Actor, meetingID, base int64) error {
	ctx = context.WithoutCancel(ctx)
	m, who, unlock, err := d.lockEditable(ctx, actor, meetingID)
	if err != nil {
		return err
	}
	defer unlock()
	if m.State == meeting.Removed {
		return nil
	}
	if m.State != meeting.Live {
		return errNotLive
	}
	if _, err := d.checkNewest(ctx, meetingID, base); err != nil {
		return err
	}
	a, err := d.beginOne(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindRemove})
	if err != nil {
		return err
	}
	return d.change(ctx, who, m, a)
}
