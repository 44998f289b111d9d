package desk

import (
	"context"
	"slices"

	"meetdesk/meeting"
)

// setOptions carries out the attempts that were recorded together with the reply there,
// after the attempt that made the meeting: what was asked for and createOrGet does not
// take. An attempt that fails is shown, can be repeated, and does not hold up the
// others.
func (d *Desk) setOptions(ctx context.Context, who caller, meetingID, after int64, there meeting.Reply) error {
	attempts, err := d.Store.Attempts(ctx, meetingID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(attempts) {
		if a.ID <= after || a.State != meeting.AttemptPending {
			continue
		}
		if err := d.audit(ctx, who, a); err != nil {
			return err
		}
		m, err := d.Store.Meeting(ctx, meetingID)
		if err != nil {
			return err
		}
		if err := d.send(ctx, who, m, a, changeDecision{step: sendPatch, patch: optionPatch(a.Asked, there)}, nil); err != nil {
			return err
		}
	}
	return nil
}
