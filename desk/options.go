package desk

import (
	"context"
	"slices"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// setRest carries out the attempts that were recorded together with the reply there,
// after the attempt that made the meeting: what was asked for and createOrGet does not
// take. An attempt that fails is shown, can be repeated, and does not hold up the
// others.
func (d *Desk) setRest(ctx context.Context, who party, meetingID, after int64, there meeting.Reply) error {
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
		if err := d.setOption(ctx, who, m, a, there, nil); err != nil {
			return err
		}
	}
	return nil
}

// changeOption carries out a pending attempt to set an option or roles, unless that is
// done already or somebody else changed the setting since the person saw it. looked is
// the result of reading the meeting, with its reply. was is what the person saw.
func (d *Desk) changeOption(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt, looked store.Result, was meeting.Details) error {
	o, _ := a.Option()
	now := looked.Reply.Details
	switch {
	case a.Asked.OptionMet(now):
		looked.State, looked.Outcome = meeting.AttemptDone, meeting.OutcomeSet
	case a.Asked.NeedsList() && now.MaybeCut():
		looked.State, looked.Reason = meeting.AttemptFailed, "reason.people"
	case a.Asked.NeedsList() && listUnknown(*looked.Reply, a.Asked.Roles):
		looked.State, looked.Reason = meeting.AttemptFailed, "reason.list"
	case now.Options.Get(o) == was.Options.Get(o) && (!a.Asked.Roles || meeting.SamePeople(was.Attendees, now.Attendees)):
		return d.setOption(ctx, who, m, a, *looked.Reply, looked.Calls)
	default:
		looked.State, looked.Reason = meeting.AttemptFailed, "reason.changed"
	}
	_, err := d.finish(ctx, looked)
	return err
}

// listUnknown reports whether sending a list of people could remove somebody whom the
// reply leaves out. Replies about channels are known to leave people out, so there only
// a list that a person wrote is sent.
func listUnknown(reply meeting.Reply, written bool) bool {
	if slices.Contains(reply.Lacks, "participants") {
		return true
	}
	return reply.InChannel() && len(reply.Attendees) == 0 && !written
}

// setOption sends the PATCH of a pending attempt and records the result. there is
// Graph's newest reply. looked are the calls that showed that the attempt is not done
// yet.
func (d *Desk) setOption(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt, there meeting.Reply, looked []meeting.Call) error {
	o, _ := a.Option()
	p := graph.Patch{Options: a.Asked.Options}
	switch {
	case a.Asked.Roles:
		p.People = &graph.People{Attendees: a.Asked.Attendees, There: there.Raw}
	case a.Asked.NeedsList():
		p.People = &graph.People{Attendees: there.Attendees, There: there.Raw}
	}
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.UpdateMeeting(ctx, as, m.GraphID, p)
	})
	r := store.Result{AttemptID: a.ID, Calls: append(looked, result.Calls...)}
	if err != nil {
		r.State, r.Reason = conclude(err, false)
		d.Log.WarnContext(ctx, "set an option", "attempt", a.ID, "option", o, "state", r.State, "error", err)
	} else {
		r.State, r.Outcome = meeting.AttemptDone, meeting.OutcomeSet
		r.Reply = complete(result.Reply, a.Asked, m)
	}
	_, err = d.finish(ctx, r)
	return err
}
