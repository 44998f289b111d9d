package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Remove deletes a meeting of the actor's at Microsoft. Its row stays, as
// removed. base is the reply that the person saw when they confirmed; a Conflict
// error says that there is a newer one, and nothing was asked of Graph.
func (d *Desk) Remove(ctx context.Context, actor Actor, meetingID, base int64) error {
	ctx = context.WithoutCancel(ctx)
	m, who, unlock, err := d.take(ctx, actor, meetingID)
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
	if _, err := d.checkSeen(ctx, meetingID, base); err != nil {
		return err
	}
	a, err := d.begin(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindRemove})
	if err != nil {
		return err
	}
	return d.change(ctx, who, m, a.Attempt)
}

// remove sends the DELETE of a pending attempt and records how it went: a
// meeting that Graph does not have is gone. looked are the calls that found that
// it is still to be done.
func (d *Desk) remove(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt, looked []meeting.Call) error {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.RemoveMeeting(ctx, as, m.GraphID)
	})
	r := store.Result{AttemptID: a.ID, Calls: append(looked, result.Calls...)}
	r.State, r.Outcome = meeting.AttemptDone, meeting.OutcomeRemoved
	if err != nil && !graph.IsNotFound(err) {
		r.Outcome = ""
		r.State, r.Reason = conclude(err, false)
		d.Log.WarnContext(ctx, "remove", "attempt", a.ID, "state", r.State, "error", err)
	}
	_, err = d.finish(ctx, r)
	return err
}
