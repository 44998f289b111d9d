package desk

import (
	"context"
	"fmt"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Update changes subject, times and people of the actor's own meeting, always
// all of them, since Graph wants both times and the whole list. base is the
// reply that the person saw when they filled in the form, 0 for the newest. A
// Conflict error says that there is a newer one; Graph was asked nothing then.
func (d *Desk) Update(ctx context.Context, actor Actor, meetingID int64, r meeting.Request, base int64) (int64, error) {
	m, err := d.Own(ctx, actor.User, meetingID)
	if err != nil {
		return 0, err
	}
	defer d.lockMeeting(m)()
	if m.State != meeting.Live {
		return 0, &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	key, err := formKey(actor, r)
	if err != nil {
		return 0, err
	}
	asked := r.Asked(d.Now())
	asked.ExternalID = m.ExternalID
	a, again, err := d.Store.Begin(ctx, store.Intention{
		MeetingID: meetingID, Organizer: m.Organizer, Actor: actor.User,
		Mode: meeting.Delegated, Kind: meeting.KindUpdate,
		Asked: asked, BaseReply: base, FormKey: key,
	})
	if err != nil || again {
		return meetingID, err
	}
	return d.update(context.WithoutCancel(ctx), actor, m, a, nil)
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
	return d.updated(ctx, a, r, result.Reply)
}

func (d *Desk) updated(ctx context.Context, a meeting.Attempt, r store.Result, reply meeting.Reply) (int64, error) {
	r.State, r.Outcome, r.TimeZone = meeting.AttemptDone, meeting.OutcomeUpdated, a.Asked.TimeZone
	r.Reply = withNames(reply, a.Asked.Attendees)
	return d.finish(ctx, r)
}

// updateAgain repeats an update that may have taken effect. PATCH is not safe
// to repeat, so it looks first: what was asked for may be there already; a
// meeting that is as it was is changed now; one that was changed in between is
// recorded as it is and left to the person.
func (d *Desk) updateAgain(ctx context.Context, actor Actor, m meeting.Meeting, a meeting.Attempt) (int64, error) {
	waiting, cancel := d.budget(ctx)
	defer cancel()
	result, err := d.withToken(waiting, actor.GrantID, func(token string) (graph.Result, error) {
		return d.Graph.Meeting(waiting, token, m.GraphID)
	})
	r := store.Result{AttemptID: a.ID, Calls: result.Calls}
	if err != nil {
		r.State, r.Reason = conclude(err, true)
		return d.finish(ctx, r)
	}
	if len(a.Asked.Differences(result.Reply.Details)) == 0 {
		return d.updated(ctx, a, r, result.Reply)
	}
	before, err := d.before(ctx, a)
	if err != nil {
		return 0, err
	}
	if len(before.Differences(result.Reply.Details)) == 0 {
		return d.update(ctx, actor, m, a, result.Calls)
	}
	r.State, r.Reason = meeting.AttemptFailed, "reason.changed"
	r.Reply = withNames(result.Reply, m.Attendees)
	return d.finish(ctx, r)
}

// before returns what the meeting was when the update was asked for.
func (d *Desk) before(ctx context.Context, a meeting.Attempt) (meeting.Asked, error) {
	body, err := d.Store.Reply(ctx, a.BaseReply)
	if err != nil {
		return meeting.Asked{}, err
	}
	was, err := graph.ParseReply(body)
	if err != nil {
		return meeting.Asked{}, fmt.Errorf("reply %d: %w", a.BaseReply, err)
	}
	return meeting.Asked{Subject: was.Subject, Start: was.Start, End: was.End, Attendees: was.Attendees}, nil
}
