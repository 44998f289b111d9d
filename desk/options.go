package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
)

// setOptions sets the options and roles of a new meeting, which createOrGet does not accept.
// It carries out all pending attempts that are newer than the attempt with the ID createID,
// even if some of them fail.
func (d *Desk) setOptions(ctx context.Context, who caller, meetingID, createID int64, reply meeting.Reply) error {
	attempts, err := d.Store.Attempts(ctx, meetingID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(attempts) {
		if a.ID <= createID || a.State != meeting.AttemptPending {
			continue
		}
		m, err := d.Store.Meeting(ctx, meetingID)
		if err != nil {
			return err
		}
		if err := d.send(ctx, who, m, a, changeDecision{step: sendPatch, patch: optionPatch(a.Asked, reply)}, nil); err != nil {
			return err
		}
	}
	return nil
}
