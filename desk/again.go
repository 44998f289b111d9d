package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// A PATCH and a DELETE are not safe to repeat: before either is repeated the
// desk looks. A meeting that was changed in between is recorded as it is and
// left to the person, who may then repeat once more.

// look reads the meeting before an attempt is repeated. When it is not ok, r is
// what to record instead of repeating.
func (d *Desk) look(ctx, waiting context.Context, who party, m meeting.Meeting, a meeting.Attempt) (result graph.Result, r store.Result, ok bool) {
	result, err := d.call(waiting, who, func(c *graph.Client, as graph.As) (graph.Result, error) {
		return c.Meeting(waiting, as, m.GraphID)
	})
	r = store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err == nil {
		return result, r, true
	}
	gone := graph.IsNotFound(err) // then it does not matter whether an earlier try took effect
	if gone && a.Kind == meeting.KindRemove {
		r.State, r.Outcome = meeting.AttemptDone, meeting.OutcomeRemoved
		return result, r, false
	}
	r.State, r.Reason = conclude(err, meeting.AnyUnsure(a.Calls) && !gone)
	d.Log.WarnContext(ctx, "look before repeating", "attempt", a.ID, "state", r.State, "error", err)
	return result, r, false
}

// unchanged reports whether the meeting is as the person last saw it.
func unchanged(m meeting.Meeting, now meeting.Details) bool {
	seen := meeting.Asked{Subject: m.Subject, Start: m.Start, End: m.End, Attendees: m.Attendees}
	return len(seen.Differences(now)) == 0
}

// askPerson records the meeting as it is now, and that it was changed in between.
func (d *Desk) askPerson(ctx context.Context, r store.Result, now *meeting.Reply) error {
	r.State, r.Reason, r.Reply = meeting.AttemptFailed, "reason.changed", now
	_, err := d.finish(ctx, r)
	return err
}
