package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Update changes subject, times and people of the actor's own meeting, always
// all of them, since Graph wants both times and the whole list. base is the
// reply that the person saw when they filled in the form, 0 for the newest. A
// Conflict error says that there is a newer one; Graph was asked nothing then.
func (d *Desk) Update(ctx context.Context, actor Actor, meetingID int64, r meeting.Request, base int64) (int64, error) {
	ctx = context.WithoutCancel(ctx)
	m, unlock, err := d.take(ctx, actor, meetingID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if m.State != meeting.Live {
		return 0, &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	key, err := formKey(actor, r)
	if err != nil {
		return 0, err
	}
	asked := r.Asked(d.Now())
	asked.ExternalID, asked.Attendees = m.ExternalID, meeting.Keep(asked.Attendees, m.Attendees)
	a, err := d.Store.Begin(ctx, store.Intention{
		MeetingID: meetingID, Organizer: m.Organizer, Actor: actor.User,
		Mode: meeting.Delegated, Kind: meeting.KindUpdate,
		Asked: asked, BaseReply: base, FormKey: key,
	})
	if err != nil || a.Again {
		return meetingID, err
	}
	return d.update(ctx, actor, m, a.Attempt, nil)
}

// update sends the PATCH of a pending attempt and records how it went. looked
// are the calls that found that it has not been done yet.
func (d *Desk) update(ctx context.Context, actor Actor, m meeting.Meeting, a meeting.Attempt, looked []meeting.Call) (meetingID int64, err error) {
	waiting, cancel := d.budget(ctx)
	defer cancel()
	result, err := d.withToken(waiting, actor.GrantID, func(token string) (graph.Result, error) {
		return d.Graph.UpdateMeeting(waiting, token, m.GraphID, a.Asked)
	})
	r := store.Result{AttemptID: a.ID, Calls: append(looked, result.Calls...)}
	if err != nil {
		r.State, r.Reason = conclude(err, false)
		d.Log.WarnContext(ctx, "update", "attempt", a.ID, "state", r.State, "error", err)
		return d.finish(ctx, r)
	}
	return d.updated(ctx, m, a, r, result.Reply)
}

func (d *Desk) updated(ctx context.Context, m meeting.Meeting, a meeting.Attempt, r store.Result, reply meeting.Reply) (meetingID int64, err error) {
	r.State, r.Outcome, r.TimeZone = meeting.AttemptDone, meeting.OutcomeUpdated, a.Asked.TimeZone
	r.Reply = complete(reply, a.Asked, m)
	return d.finish(ctx, r)
}

// updateAgain repeats an update. PATCH is not safe to repeat, so it looks
// first: what was asked for may be there already; a meeting that is as the
// person last saw it is changed now; one that was changed in between is
// recorded as it is and left to the person, who may then repeat once more.
func (d *Desk) updateAgain(ctx context.Context, actor Actor, m meeting.Meeting, a meeting.Attempt) (meetingID int64, err error) {
	waiting, cancel := d.budget(ctx)
	defer cancel()
	result, err := d.withToken(waiting, actor.GrantID, func(token string) (graph.Result, error) {
		return d.Graph.Meeting(waiting, token, m.GraphID)
	})
	r := store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err != nil {
		gone := graph.IsNotFound(err) // then it does not matter whether an earlier try took effect
		r.State, r.Reason = conclude(err, meeting.AnyUnsure(a.Calls) && !gone)
		d.Log.WarnContext(ctx, "look before an update", "attempt", a.ID, "state", r.State, "error", err)
		return d.finish(ctx, r)
	}
	now := complete(result.Reply, a.Asked, m).Details
	if len(a.Asked.Differences(now)) == 0 {
		return d.updated(ctx, m, a, r, result.Reply)
	}
	seen := meeting.Asked{Subject: m.Subject, Start: m.Start, End: m.End, Attendees: m.Attendees}
	if len(seen.Differences(now)) == 0 {
		return d.update(ctx, actor, m, a, result.Calls)
	}
	r.State, r.Reason = meeting.AttemptFailed, "reason.changed"
	r.Reply = complete(result.Reply, a.Asked, m)
	return d.finish(ctx, r)
}
