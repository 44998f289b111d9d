package desk

import (
	"context"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/store"
)

// Update changes a meeting of the actor's to what the request says: subject,
// times and people, always all of them, since Graph wants both times and the
// whole list; then each option that is another than it is. base is the reply
// that the person saw when they filled in the form, 0 for the newest. A Conflict
// error says that there is a newer one; Graph was asked nothing then.
func (d *Desk) Update(ctx context.Context, actor Actor, meetingID int64, r meeting.Request, base int64) error {
	ctx = context.WithoutCancel(ctx)
	key, err := formKey(actor, r)
	if err != nil {
		return err
	}
	m, who, unlock, err := d.take(ctx, actor, meetingID)
	if err != nil {
		return err
	}
	defer unlock()
	if m.State != meeting.Live {
		return &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	waiting, cancel := d.budget(ctx)
	defer cancel()
	asked, options := Changed(m, r)
	asked.Attendees = d.resolve(waiting, actor, asked.Attendees)
	if len(asked.Differences(m.Details)) > 0 {
		a, err := d.Store.Begin(ctx, store.Intention{
			MeetingID: meetingID, Organizer: m.Organizer, Actor: actor.User, Mode: who.mode, Kind: meeting.KindUpdate,
			Asked: asked, BaseReply: base, FormKey: key,
		})
		if err != nil {
			return err
		}
		if !a.Again {
			if err := d.update(ctx, waiting, who, m, a.Attempt, nil); err != nil {
				return err
			}
		}
	}
	return d.setOptions(ctx, waiting, actor, who, meetingID, options, key)
}

// Changed returns what a request makes of a meeting: the meeting as it is to be,
// and the options to set. What the form does not show is as it is there. Where
// the list of people may be cut it is left alone: a list made from such a reply
// would throw out whoever it lacks.
func Changed(m meeting.Meeting, r meeting.Request) (asked meeting.Asked, options meeting.Options) {
	asked = r.Asked(r.Start)
	asked.ExternalID, asked.ThreadID, asked.Options = m.ExternalID, "", meeting.Options{}
	if asked.KeepPeople = m.MaybeCut(); asked.KeepPeople {
		asked.Attendees = nil
	} else {
		asked.Attendees = meeting.Keep(r.Attendees, m.Attendees)
	}
	return asked, r.Options.ForRoles(asked.Attendees, m.Attendees).Beside(m.Options)
}

// update sends the PATCH of a pending attempt and records how it went. looked
// are the calls that found that it has not been done yet.
func (d *Desk) update(ctx, waiting context.Context, who party, m meeting.Meeting, a meeting.Attempt, looked []meeting.Call) error {
	if err := d.audit(ctx, who, a); err != nil {
		return err
	}
	result, err := d.call(waiting, who, func(c *graph.Client, as graph.As) (graph.Result, error) {
		return c.UpdateMeeting(waiting, as, m.GraphID, a.Asked)
	})
	r := store.Result{AttemptID: a.ID, Calls: append(looked, result.Calls...)}
	if err != nil {
		r.State, r.Reason = conclude(err, false)
		d.Log.WarnContext(ctx, "update", "attempt", a.ID, "state", r.State, "error", err)
		_, err = d.finish(ctx, r)
		return err
	}
	return d.updated(ctx, m, a, r, result.Reply)
}

func (d *Desk) updated(ctx context.Context, m meeting.Meeting, a meeting.Attempt, r store.Result, reply meeting.Reply) error {
	r.State, r.Outcome, r.TimeZone = meeting.AttemptDone, meeting.OutcomeUpdated, a.Asked.TimeZone
	r.Reply = complete(reply, a.Asked, m)
	_, err := d.finish(ctx, r)
	return err
}

// updateAgain repeats an update. What was asked for may be there already; a
// meeting that is as the person last saw it is changed now; see again.
func (d *Desk) updateAgain(ctx, waiting context.Context, who party, m meeting.Meeting, a meeting.Attempt) error {
	result, r, ok := d.look(ctx, waiting, who, m, a)
	if !ok {
		_, err := d.finish(ctx, r)
		return err
	}
	now := complete(result.Reply, a.Asked, m)
	switch {
	case len(a.Asked.Differences(now.Details)) == 0:
		return d.updated(ctx, m, a, r, result.Reply)
	case unchanged(m, now.Details):
		return d.update(ctx, waiting, who, m, a, result.Calls)
	}
	return d.askPerson(ctx, r, now)
}
