package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// change carries out a pending update or removal, or retries it. decideChange decides
// what to send.
func (d *Desk) change(ctx context.Context, who caller, m meeting.Meeting, a meeting.Attempt) error {
	now, err := d.read(ctx, who, m)
	f := changeFacts{attempt: a, err: err}
	var reply *meeting.Reply
	if err == nil {
		if f.base, err = d.base(ctx, m, a); err != nil {
			return err
		}
		reply = complete(now.Reply, a.Asked, m)
		f.now = *reply
	} else {
		d.Log.WarnContext(ctx, "read before a change", "attempt", a.ID, "error", err)
	}
	next := decideChange(f)
	if next.step != recordEnd {
		return d.send(ctx, who, m, a, next, now.Calls)
	}
	r := next.end.result(a, m.Version, now.Calls)
	r.Reply = reply
	_, err = d.finish(ctx, r)
	return err
}

// send sends the PATCH or DELETE that decideChange chose and records how the attempt
// ended. It also records the given calls, which were made before the decision.
func (d *Desk) send(ctx context.Context, who caller, m meeting.Meeting, a meeting.Attempt, next changeDecision, calls []meeting.Call) error {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		if next.step == sendDelete {
			return c.RemoveMeeting(ctx, as, m.GraphID)
		}
		return c.UpdateMeeting(ctx, as, m.GraphID, next.patch)
	})
	end := endOfChange(a, err)
	r := end.result(a, m.Version, append(calls, result.Calls...))
	if err != nil {
		d.Log.WarnContext(ctx, "change", "attempt", a.ID, "method", next.step, "state", end.state, "error", err)
	} else if next.step == sendPatch {
		r.Reply = complete(result.Reply, a.Asked, m)
	}
	_, err = d.finish(ctx, r)
	return err
}

func (d *Desk) read(ctx context.Context, who caller, m meeting.Meeting) (graph.Result, error) {
	return d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.Meeting(ctx, as, m.GraphID)
	})
}

// base returns the meeting as the person saw it when they requested the change, parsed
// from the stored reply. Properties that the reply omits are taken from m. If the attempt
// is not based on a reply, base returns the details of m.
func (d *Desk) base(ctx context.Context, m meeting.Meeting, a meeting.Attempt) (meeting.Details, error) {
	if a.BaseReply == 0 {
		return m.Details, nil
	}
	stored, err := d.Store.Reply(ctx, a.BaseReply)
	if err != nil {
		return meeting.Details{}, err
	}
	base, err := graph.ParseReply(stored.Raw)
	return base.Over(m.Details).Details, err
}
