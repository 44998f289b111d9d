package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
)

// setOptions sets the options and roles of a new meeting, which createOrGet does not
// accept. The attempts to set them were recorded together with the reply to createOrGet,
// after the attempt createID. If one fails, the person sees it and can repeat it, and the
// rest are still carried out.
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
