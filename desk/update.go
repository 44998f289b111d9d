package desk

import (
	"context"
	"fmt"
	"slices"

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
	key, err := changeKey(actor, r, base)
	if err != nil {
		return err
	}
	m, who, unlock, err := d.takeLive(ctx, actor, meetingID)
	if err != nil {
		return err
	}
	defer unlock()
	if sent, err := d.Store.Sent(ctx, key); err != nil || sent {
		return err
	}
	if base, err = d.checkSeen(ctx, meetingID, base); err != nil {
		return err
	}
	asked, options := Changed(m, r)
	asked.Attendees = d.resolve(ctx, who, asked.Attendees)
	if len(asked.Differences(m.Details)) > 0 {
		a, err := d.begin(ctx, who, store.Intention{MeetingID: meetingID, Kind: meeting.KindUpdate, Asked: asked, FormKey: key})
		if err != nil {
			return err
		}
		if err := d.change(ctx, who, m, a.Attempt, nil); err != nil {
			return err
		}
	}
	return d.begunOptions(ctx, who, meetingID, options, base, key, d.change)
}

// changeKey is formKey for a change: the same content on another base is a new
// intention.
func changeKey(actor Actor, r meeting.Request, base int64) (string, error) {
	key, err := formKey(actor, r)
	if err != nil || key == "" {
		return "", err
	}
	return fmt.Sprintf("%s@%d", key, base), nil
}

// Sent reports whether the actor sent that very form before.
func (d *Desk) Sent(ctx context.Context, actor Actor, r meeting.Request, base int64) (bool, error) {
	key, err := changeKey(actor, r, base)
	if err != nil {
		return false, err
	}
	return d.Store.Sent(ctx, key)
}

// checkSeen refuses a change by somebody who saw an older reply: they would undo
// what they do not know of. It returns the newest, on which the change is based.
func (d *Desk) checkSeen(ctx context.Context, meetingID, seen int64) (newest int64, err error) {
	newest, err = d.Store.LastReply(ctx, meetingID)
	if err == nil && seen != 0 && seen != newest {
		err = &meeting.Error{Code: meeting.Conflict, Key: "change.stale"}
	}
	return newest, err
}

// Changed returns what a request makes of a meeting: the meeting as it is to be,
// and the options to set. What the form does not show is as it is there; an option
// that it shows as it is there was not chosen.
func Changed(m meeting.Meeting, r meeting.Request) (asked meeting.Asked, options meeting.Options) {
	asked = r.Asked(r.Start)
	asked.ExternalID, asked.ThreadID, asked.Options = m.ExternalID, "", meeting.Options{}
	asked.Attendees = meeting.Keep(r.Attendees, m.Attendees)
	asked = spare(asked, m.Details)
	nameless := func(a meeting.Attendee) bool { return a.UPN == "" && a.ObjectID == "" } // by phone, say: nobody that could be sent
	if (m.InChannel() || slices.ContainsFunc(m.Attendees, nameless)) && meeting.SamePeople(asked.Attendees, m.Attendees) {
		asked.KeepPeople, asked.Attendees = true, nil // more may be there than a list could hold
	}
	return asked, r.Options.Beside(m.Options).ForRoles(asked.Attendees, m.Attendees).Beside(m.Options)
}

// update sends the PATCH of a pending attempt and records how it went. looked
// are the calls that found that it has not been done yet.
func (d *Desk) update(ctx context.Context, who party, m meeting.Meeting, a meeting.Attempt, looked []meeting.Call) error {
	result, err := d.call(ctx, who, func(ctx context.Context, c *graph.Client, as graph.As) (graph.Result, error) {
		return c.UpdateMeeting(ctx, as, m.GraphID, a.Asked)
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
