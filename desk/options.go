package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
)

// setOptions sets the options and roles of a new meeting, because createOrGet does not
// accept them. Their attempts are newer than the attempt createID. If one fails, the
// others are still carried out.
func (d *Desk) setOptions(ctx context.Context, who caller, meetingID, createID int64, reply meeting.Reply) error {
	attempts, err := d.Store.Attempts(ctx, meetingID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(attempts) {
		if a.ID <= createID || a.State != meeting.AttemptPending {
			continue
		}
		if err := d.audit(ctx, who, a); err != nil {
			return err
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
