package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// change does a pending update, of the meeting or of one option, or a removal,
// for the first time or once more. A PATCH and a DELETE overwrite what they do not
// know of and are not safe to repeat, so that the desk looks first: what was asked
// for may be done already; where what it is about is as it was in the reply that
// the attempt is based on, it is done now; where that was changed in between, the
// meeting is recorded as it is and left to the person, who may then repeat it.
func (d *Desk) change(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt) error {
	result, r, err := d.look(ctx, who, m, a)
	switch {
	case graph.IsNotFound(err) && a.Kind == meeting.KindRemove && len(a.Calls) > 0:
		r.State, r.Outcome, r.Reason = meeting.AttemptDone, meeting.OutcomeRemoved, ""
		_, err = d.finish(ctx, r)
		return err
	case graph.IsNotFound(err) && a.Kind == meeting.KindRemove: // never yet asked to remove it
		return d.remove(ctx, who, m, a, r.Calls)
	case err != nil:
		_, err = d.finish(ctx, r)
		return err
	}
	r.Reply = complete(result.Reply, a.Asked, m)
	was, err := d.basis(ctx, m, a)
	if err != nil {
		return err
	}
	if _, ok := a.Option(); ok {
		return d.changeOption(ctx, who, m, a, r, was)
	}
	now := r.Reply.Details
	newPeople := a.Kind == meeting.KindUpdate && !a.Asked.KeepPeople && !meeting.SamePeople(a.Asked.Attendees, was.Attendees)
	switch {
	case newPeople && now.MaybeCut() && !was.MaybeCut():
		r.State, r.Reason = meeting.AttemptFailed, "reason.people" // Graph may have cut the list
	case newPeople && listUnknown(*r.Reply, true):
		r.State, r.Reason = meeting.AttemptFailed, "reason.list"
	case a.Kind == meeting.KindUpdate && len(a.Asked.Differences(now)) == 0:
		return d.updated(ctx, m, a, r, result.Reply)
	case a.Kind == meeting.KindUpdate && sameMeeting(was, now):
		return d.update(ctx, who, m, a, r)
	case a.Kind == meeting.KindRemove && sameMeeting(was, now):
		return d.remove(ctx, who, m, a, r.Calls)
	default:
		r.State, r.Reason = meeting.AttemptFailed, "reason.changed"
	}
	_, err = d.finish(ctx, r)
	return err
}

// look reads the meeting before a change of it. With an error, r is what to record
// instead of changing anything.
func (d *Desk) look(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt) (result graph.Result, r store.Result, err error) {
	result, err = d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.Meeting(ctx, as, m.GraphID)
	})
	r = store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err == nil {
		return result, r, nil
	}
	gone := graph.IsNotFound(err) // then it does not matter whether an earlier try took effect
	_, r.Reason = conclude(err, false)
	if r.State = meeting.AttemptFailed; meeting.AnyUnsure(a.Calls) && !gone {
		r.State = meeting.AttemptUnfinished // by an earlier run; a look changes nothing
	}
	d.Log.WarnContext(ctx, "look before a change", "attempt", a.ID, "state", r.State, "error", err)
	return result, r, err
}

// basis returns what the person knew of the meeting when they asked: the reply
// that the attempt was based on, and the record where that reply left things out.
func (d *Desk) basis(ctx context.Context, m meeting.Meeting, a meeting.Attempt) (meeting.Details, error) {
	if a.BaseReply == 0 {
		return m.Details, nil
	}
	kept, err := d.Store.Reply(ctx, a.BaseReply)
	if err != nil {
		return meeting.Details{}, err
	}
	was, err := graph.ParseReply(kept.Raw)
	return was.Over(m.Details).Details, err
}

// sameMeeting reports whether subject, times and people are the same.
func sameMeeting(was, now meeting.Details) bool {
	seen := meeting.Asked{Subject: was.Subject, Start: was.Start, End: was.End, Attendees: was.Attendees}
	return len(seen.Differences(now)) == 0
}
